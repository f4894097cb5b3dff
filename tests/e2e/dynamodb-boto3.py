# A program that keeps things in DynamoDB with boto3: the resource API, conditions, pages, batches and a stream.
import json
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

dynamodb = boto3.resource("dynamodb")
table = dynamodb.create_table(
    TableName="boto3-games",
    KeySchema=[
        {"AttributeName": "player", "KeyType": "HASH"},
        {"AttributeName": "round", "KeyType": "RANGE"},
    ],
    AttributeDefinitions=[
        {"AttributeName": "player", "AttributeType": "S"},
        {"AttributeName": "round", "AttributeType": "N"},
    ],
    BillingMode="PAY_PER_REQUEST",
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
)
table.wait_until_exists()
table.reload()

with table.batch_writer() as batch:
    for number in range(40):
        batch.put_item(Item={"player": "ann", "round": number, "score": Decimal("1.5") * number, "tags": {"a", "b"}})

found = table.query(KeyConditionExpression=Key("player").eq("ann") & Key("round").between(5, 9))
filtered = table.scan(FilterExpression=Attr("score").gte(Decimal("57")))
table.update_item(
    Key={"player": "ann", "round": 0},
    UpdateExpression="SET score = score + :more",
    ExpressionAttributeValues={":more": Decimal("0.25")},
)
score = table.get_item(Key={"player": "ann", "round": 0})["Item"]["score"]
try:
    table.put_item(Item={"player": "ann", "round": 0}, ConditionExpression=Attr("player").not_exists())
    refused = "nothing"
except ClientError as error:
    refused = error.response["Error"]["Code"]

pages = boto3.client("dynamodb").get_paginator("query").paginate(
    TableName="boto3-games",
    KeyConditionExpression="player = :p",
    ExpressionAttributeValues={":p": {"S": "ann"}},
    PaginationConfig={"PageSize": 7},
)
paged = sum(page["Count"] for page in pages)

streams = boto3.client("dynamodbstreams")
shard = streams.describe_stream(StreamArn=table.latest_stream_arn)["StreamDescription"]["Shards"][0]["ShardId"]
iterator = streams.get_shard_iterator(
    StreamArn=table.latest_stream_arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
records = streams.get_records(ShardIterator=iterator)["Records"]

table.delete()
table.wait_until_not_exists()
print(
    json.dumps(
        {
            "found": [int(item["round"]) for item in found["Items"]],
            "filtered": filtered["Count"],
            "score": str(score),
            "refused": refused,
            "paged": paged,
            "records": [len(records), records[-1]["eventName"]],
        }
    )
)
