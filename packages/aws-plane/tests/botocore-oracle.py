"""Serialises and parses for codec-botocore.test.ts: cases as JSON on stdin, what botocore makes of them on stdout.

Dates travel as {"$date": seconds}, bytes as {"$bytes": base64}.
"""

import base64
import datetime
import io
import json
import sys
from urllib.parse import urlencode

import botocore.parsers
import botocore.serialize
import botocore.session
from botocore.awsrequest import HeadersDict
from botocore.utils import percent_encode_sequence


def untag(value):
    if isinstance(value, list):
        return [untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$date"}:
        return datetime.datetime.fromtimestamp(value["$date"], datetime.timezone.utc)
    if set(value) == {"$bytes"}:
        return base64.b64decode(value["$bytes"])
    return {key: untag(item) for key, item in value.items()}


def tag(value):
    if isinstance(value, datetime.datetime):
        return {"$date": round(value.timestamp(), 3)}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return {"$bytes": base64.b64encode(value.read()).decode()}
    if isinstance(value, dict):
        return {key: tag(item) for key, item in value.items()}
    return [tag(item) for item in value] if isinstance(value, list) else value


def known(shape, value):
    """The value without the members that this botocore does not know."""
    if shape.type_name == "structure":
        return {k: known(shape.members[k], v) for k, v in value.items() if k in shape.members}
    if shape.type_name == "list":
        return [known(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: known(shape.value, item) for key, item in value.items()}
    return value


def request_of(serializer, operation, value):
    request = serializer.serialize_to_request(value, operation)
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    path, _, literal = request["url_path"].partition("?")
    query = percent_encode_sequence(request["query_string"] or {})
    return {
        "method": request["method"],
        "path": path,
        "query": "&".join(part for part in (literal, query) if part),
        "headers": {key.lower(): str(value) for key, value in request["headers"].items()},
        "body": base64.b64encode(body or b"").decode(),
    }


def parse(parser, operation, response):
    body = base64.b64decode(response["body"])
    parsed = parser.parse(
        {
            "status_code": response["status"],
            "headers": HeadersDict(response["headers"]),
            "body": io.BytesIO(body) if operation.has_streaming_output else body,
            "context": {"operation_name": operation.name},
        },
        operation.output_shape,
    )
    parsed.pop("ResponseMetadata", None)
    return parsed


def answer(model, serializer, parser, name, case):
    if name not in model.operation_names:
        return None
    operation = model.operation_model(name)
    shape = operation.input_shape
    value = known(shape, untag(case["input"])) if shape else {}
    result = {"input": tag(value), "request": request_of(serializer, operation, value)}
    if case["response"] is not None:
        shape = operation.output_shape
        result["output"] = tag(known(shape, untag(case["output"]))) if shape else {}
        try:
            result["parsed"] = tag(parse(parser, operation, case["response"]))
        except Exception as error:
            result["parsed"] = {"error": repr(error)}
    return result


def main():
    session = botocore.session.get_session()
    answers = {}
    for service, cases in json.load(sys.stdin).items():
        model = session.get_service_model(service)
        serializer = botocore.serialize.create_serializer(model.resolved_protocol, False)
        parser = botocore.parsers.create_parser(model.resolved_protocol)
        answers[service] = {
            name: answer(model, serializer, parser, name, case) for name, case in cases.items()
        }
    json.dump(answers, sys.stdout)


main()
