# What a team keeps in Terraform for its tables. `revision` stands for the edits of a later day.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { team = "shop" }
  }
}

variable "revision" {
  type    = number
  default = 1
}

resource "aws_dynamodb_table" "orders" {
  name                        = "terraform-orders"
  billing_mode                = var.revision == 1 ? "PROVISIONED" : "PAY_PER_REQUEST"
  read_capacity               = var.revision == 1 ? 5 : null
  write_capacity              = var.revision == 1 ? 4 : null
  hash_key                    = "customer"
  range_key                   = "order"
  deletion_protection_enabled = false
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  table_class                 = var.revision == 1 ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"
  tags                        = { revision = var.revision }

  attribute {
    name = "customer"
    type = "S"
  }
  attribute {
    name = "order"
    type = "N"
  }
  attribute {
    name = "state"
    type = "S"
  }
  dynamic "attribute" {
    for_each = var.revision == 1 ? [] : ["placed"]
    content {
      name = attribute.value
      type = "N"
    }
  }

  global_secondary_index {
    name            = "by-state"
    hash_key        = "state"
    range_key       = "order"
    read_capacity   = var.revision == 1 ? 3 : null
    write_capacity  = var.revision == 1 ? 2 : null
    projection_type = "KEYS_ONLY"
  }
  dynamic "global_secondary_index" {
    for_each = var.revision == 1 ? [] : ["by-time"]
    content {
      name               = global_secondary_index.value
      hash_key           = "state"
      range_key          = "placed"
      projection_type    = "INCLUDE"
      non_key_attributes = ["total"]
    }
  }
  local_secondary_index {
    name            = "own-by-state"
    range_key       = "state"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "due"
    enabled        = true
  }
  point_in_time_recovery {
    enabled = var.revision == 1
  }
  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table" "plain" {
  name         = "terraform-plain"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "B"
  }
}

resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.orders.name
  hash_key   = aws_dynamodb_table.orders.hash_key
  range_key  = aws_dynamodb_table.orders.range_key
  item = jsonencode({
    customer = { S = "ann" }
    order    = { N = "1" }
    state    = { S = "open" }
    total    = { N = tostring(10 * var.revision) }
    lines    = { L = [{ M = { what = { S = "tea" }, count = { N = "2" } } }] }
  })
}

resource "aws_dynamodb_resource_policy" "readers" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Action    = var.revision == 1 ? ["dynamodb:GetItem"] : ["dynamodb:GetItem", "dynamodb:Query"]
      Resource  = aws_dynamodb_table.orders.arn
    }]
  })
}

resource "aws_dynamodb_contributor_insights" "orders" {
  table_name = aws_dynamodb_table.orders.name
}

output "stream" {
  value = aws_dynamodb_table.orders.stream_arn
}
