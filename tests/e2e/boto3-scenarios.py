"""What programs do with boto3, one function each. `boto3-scenarios.py NAME` prints what it saw as JSON.

The endpoint, the keys and the region come from the environment.
"""

import io
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024
NO_RETRIES = Config(retries={"total_max_attempts": 1})


def client(service, **more):
    return boto3.client(service, **{"config": NO_RETRIES, **more})


def new_bucket():
    name = f"boto3-{uuid.uuid4()}"
    client("s3").create_bucket(Bucket=name)
    return name


def refused(call, **arguments):
    """Code, status and message of a call that must fail."""
    try:
        call(**arguments)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return [error.response["Error"]["Code"], status, error.response["Error"].get("Message")]
    return "the call succeeded"


def fetch(url, method="GET", data=None, headers=None):
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return [answer.status, answer.read().decode()]
    except urllib.error.HTTPError as error:
        return [error.code, error.read().decode()]


def pages():
    """Every page of a listing, of objects and of roles."""
    s3, iam, bucket = client("s3"), client("iam"), new_bucket()
    keys = [f"a b/{i:02}+ü" for i in range(7)] + ["z/1", "z/2"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    listing = s3.get_paginator("list_objects_v2")
    seen = [
        item["Key"]
        for page in listing.paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
        for item in page.get("Contents", [])
    ]
    folders = [
        item["Prefix"]
        for page in listing.paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1})
        for item in page.get("CommonPrefixes", [])
    ]
    trust = json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    })
    for i in range(5):
        iam.create_role(RoleName=f"page-{i}", Path="/pages/", AssumeRolePolicyDocument=trust)
    roles = iam.get_paginator("list_roles").paginate(PathPrefix="/pages/", PaginationConfig={"PageSize": 2})
    return {
        "keys": seen == keys,
        "folders": folders,
        "roles": [role["RoleName"] for page in roles for role in page["Roles"]],
    }


def versions():
    """The history of an object, read and then wiped by the resource API, page by page."""
    bucket = boto3.resource("s3", config=NO_RETRIES).Bucket(new_bucket())
    bucket.Versioning().enable()
    ids = [bucket.put_object(Key="k", Body=f"{i}".encode()).version_id for i in range(3)]
    bucket.Object("k").delete()
    seen = {
        "old": [bucket.Object("k").get(VersionId=i)["Body"].read().decode() for i in ids],
        "newest": [version.id == i for version, i in zip(bucket.object_versions.all(), reversed(ids))],
        "current": len(list(bucket.objects.all())),
    }
    s3 = client("s3")
    for _ in range(1_100):
        s3.put_object(Bucket=bucket.name, Key="many", Body=b"")
    wiped = bucket.object_versions.delete()
    seen["wiped"] = sum(len(page["Deleted"]) for page in wiped)
    bucket.delete()
    return seen


def transfers():
    """A file object in parts and back, copied in parts; and a checksum of the caller's choice."""
    s3, bucket = client("s3"), new_bucket()
    body = os.urandom(17 * MIB + 3)
    parts = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_fileobj(io.BytesIO(body), bucket, "big", Config=parts, ExtraArgs={"Metadata": {"mood": "fine"}})
    back = io.BytesIO()
    s3.download_fileobj(bucket, "big", back, Config=parts)
    head = s3.head_object(Bucket=bucket, Key="big")
    s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy", Config=parts)
    copied = s3.get_object(Bucket=bucket, Key="copy")["Body"].read()
    stored = s3.put_object(Bucket=bucket, Key="sum", Body=b"hello", ChecksumAlgorithm="SHA256")
    checked = s3.get_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")
    return {
        "same": back.getvalue() == body,
        "copied": copied == body,
        "etag": head["ETag"],
        "size": head["ContentLength"] - len(body),
        "metadata": head["Metadata"],
        "sha256": [stored["ChecksumSHA256"], checked["ChecksumSHA256"], checked["Body"].read().decode()],
    }


def presigned():
    """URLs to read and to write, in the older and the newer way of signing."""
    bucket, seen = new_bucket(), {}
    for version in ("s3", "s3v4"):
        s3 = client("s3", config=Config(signature_version=version))
        name = {"Bucket": bucket, "Key": f"{version}/ä b+c"}
        put = s3.generate_presigned_url("put_object", Params={**name, "ContentType": "text/plain"})
        get = s3.generate_presigned_url("get_object", Params={**name, "ResponseContentType": "text/x-mine"})
        seen[version] = {
            "put": fetch(put, "PUT", version.encode(), {"Content-Type": "text/plain"})[0],
            "otherType": fetch(put, "PUT", b"other", {"Content-Type": "text/html"})[0],
            "get": fetch(get),
            "delete": fetch(get, "DELETE")[0],
            "otherKey": fetch(get.replace("%20b", "%20c"))[0],
            "late": fetch(s3.generate_presigned_url("get_object", Params=name, ExpiresIn=-5))[0],
        }
    return seen


def roles():
    """AssumeRole: what the session may do, with and without a policy of its own."""
    account = client("sts").get_caller_identity()["Account"]
    iam, bucket = client("iam"), new_bucket()
    client("s3").put_object(Bucket=bucket, Key="kept", Body=b"kept")
    trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole",
             "Condition": {"StringEquals": {"sts:ExternalId": "agreed"}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName="boto3-reader", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="boto3-reader", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    request = {"RoleArn": arn, "RoleSessionName": "boto3", "DurationSeconds": 900}
    assume = client("sts").assume_role

    def session(**more):
        keys = assume(**request, ExternalId="agreed", **more)["Credentials"]
        return {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    keys = session()
    s3 = client("s3", **keys)
    narrow = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    narrowed = client("s3", **session(Policy=json.dumps({"Version": "2012-10-17", "Statement": narrow})))
    forged = client("s3", **{**keys, "aws_session_token": keys["aws_session_token"][:-4] + "AAAA"})
    return {
        "arn": client("sts", **keys).get_caller_identity()["Arn"],
        "reads": s3.get_object(Bucket=bucket, Key="kept")["Body"].read().decode(),
        "writes": refused(s3.put_object, Bucket=bucket, Key="new", Body=b""),
        "narrowed": refused(narrowed.get_object, Bucket=bucket, Key="kept"),
        "stranger": refused(assume, **request),
        "tooLong": refused(assume, **{**request, "ExternalId": "agreed", "DurationSeconds": 7200}),
        "forged": refused(forged.get_object, Bucket=bucket, Key="kept"),
        "bucket": bucket,
    }


def web_identity():
    """A pod's own way to a session, by nothing but its environment; and the call behind it, by hand."""
    identity = client("sts").get_caller_identity()
    with open(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"], encoding="utf8") as file:
        token = file.read()
    head, claims, signature = token.split(".")
    request = {"RoleArn": os.environ["AWS_ROLE_ARN"], "RoleSessionName": "by-hand"}
    assume = client("sts").assume_role_with_web_identity
    answer = assume(**request, WebIdentityToken=token)
    flipped = ("A" if signature[9] != "A" else "B").join([signature[:9], signature[10:]])
    return {
        "arn": identity["Arn"],
        "subject": answer["SubjectFromWebIdentityToken"],
        "audience": answer["Audience"],
        "provider": answer["Provider"],
        "lives": answer["Credentials"]["Expiration"].tzinfo is not None,
        "tampered": refused(assume, **request, WebIdentityToken=f"{head}.{claims}.{flipped}"),
        "otherRole": refused(assume, **{**request, "RoleArn": request["RoleArn"] + "x"}, WebIdentityToken=token),
        "noToken": refused(assume, **request, WebIdentityToken="not-a-token"),
    }


def errors():
    """Codes and statuses as each protocol gives them."""
    s3, iam, bucket = client("s3"), client("iam"), new_bucket()
    strange = {"aws_access_key_id": "AKIANOSUCHKEY0000000", "aws_secret_access_key": "x"}
    wrong = {"aws_secret_access_key": "wrong"}
    wrong["aws_access_key_id"] = os.environ["AWS_ACCESS_KEY_ID"]
    return {
        "noKey": refused(s3.get_object, Bucket=bucket, Key="none"),
        "noKeyHead": refused(s3.head_object, Bucket=bucket, Key="none"),
        "noBucket": refused(s3.list_objects_v2, Bucket="no-such-bucket-here"),
        "owned": refused(client("s3", region_name="eu-west-1").create_bucket, Bucket=bucket,
                         CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}),
        "badUpload": refused(s3.upload_part, Bucket=bucket, Key="k", UploadId="none", PartNumber=1, Body=b""),
        "noRole": refused(iam.get_role, RoleName="nobody"),
        "badTrust": refused(iam.create_role, RoleName="bad", AssumeRolePolicyDocument="{"),
        "strangerS3": refused(client("s3", **strange).list_buckets)[:2],
        "strangerSts": refused(client("sts", **strange).get_caller_identity)[:2],
        "strangerLogs": refused(client("logs", **strange).describe_log_groups)[:2],
        "strangerDynamodb": refused(client("dynamodb", **strange).list_tables)[:2],
        "wrongS3": refused(client("s3", **wrong).list_buckets)[:2],
        "wrongSts": refused(client("sts", **wrong).get_caller_identity)[:2],
        "wrongLogs": refused(client("logs", **wrong).describe_log_groups)[:2],
    }


if __name__ == "__main__":
    json.dump(globals()[sys.argv[1]](), sys.stdout)
