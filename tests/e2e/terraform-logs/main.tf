# What a team keeps in Terraform for its logs. `revision` stands for the edits of a later day.
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

resource "aws_cloudwatch_log_group" "shop" {
  name              = "/terraform/shop"
  retention_in_days = var.revision == 1 ? 7 : 30
  tags              = { revision = var.revision }
}

resource "aws_cloudwatch_log_group" "rare" {
  name            = "/terraform/rare"
  log_group_class = "INFREQUENT_ACCESS"
}

resource "aws_cloudwatch_log_stream" "cart" {
  name           = "cart"
  log_group_name = aws_cloudwatch_log_group.shop.name
}

resource "aws_cloudwatch_log_resource_policy" "delivery" {
  policy_name = "delivery"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "es.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.shop.arn}:*"
    }]
  })
}

resource "aws_cloudwatch_query_definition" "errors" {
  name            = "shop/errors"
  log_group_names = [aws_cloudwatch_log_group.shop.name]
  query_string    = "fields @timestamp, @message | filter level = 'error' | limit ${var.revision * 10}"
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.shop.name
  pattern        = "{ $.level = \"error\" }"
  metric_transformation {
    name      = "Errors"
    namespace = "Shop"
    value     = var.revision
  }
}

resource "aws_cloudwatch_log_group" "copies" {
  name = "/terraform/copies"
}

resource "aws_cloudwatch_log_subscription_filter" "copies" {
  name            = "copies"
  log_group_name  = aws_cloudwatch_log_group.shop.name
  filter_pattern  = var.revision == 1 ? "error" : "failure"
  destination_arn = aws_cloudwatch_log_group.copies.arn
}
