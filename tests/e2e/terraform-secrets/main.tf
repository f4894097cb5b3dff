# A key, its alias, and secrets: one under the key, one under that of the service.
# `revision` stands for the edits of a later day.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { team = "shop" }
  }
}

variable "revision" {
  type    = number
  default = 1
}

data "aws_caller_identity" "me" {}

resource "aws_kms_key" "orders" {
  description             = "orders ${var.revision}"
  deletion_window_in_days = 7
  enable_key_rotation     = var.revision == 2
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "orders" {
  name          = "alias/shop/orders"
  target_key_id = aws_kms_key.orders.key_id
}

resource "aws_secretsmanager_secret" "orders" {
  name                    = "shop/orders"
  description             = "revision ${var.revision}"
  kms_key_id              = aws_kms_key.orders.arn
  recovery_window_in_days = 0
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}

resource "aws_secretsmanager_secret_version" "orders" {
  secret_id     = aws_secretsmanager_secret.orders.id
  secret_string = jsonencode({ username = "orders", password = "s3cret-${var.revision}" })
}

resource "aws_secretsmanager_secret" "plain" {
  name_prefix = "shop/plain-"
}

resource "aws_secretsmanager_secret_version" "plain" {
  secret_id     = aws_secretsmanager_secret.plain.id
  secret_binary = base64encode("bytes")
}

data "aws_secretsmanager_random_password" "drawn" {
  password_length = 20
}

data "aws_kms_key" "rds" {
  key_id = "alias/aws/rds"
}

data "aws_secretsmanager_secret_version" "orders" {
  secret_id = aws_secretsmanager_secret_version.orders.secret_id
}

output "password" {
  value     = jsondecode(data.aws_secretsmanager_secret_version.orders.secret_string).password
  sensitive = true
}
