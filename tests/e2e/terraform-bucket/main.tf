# A bucket with what can be configured on it, and the roles around it. `revision` stands for the edits of a later day.
# Lifecycle rules are left out: the provider waits 50 seconds after each change of them, whatever it reads.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region            = "us-east-1"
  s3_use_path_style = true
}

variable "revision" {
  type    = number
  default = 1
}

resource "aws_s3_bucket" "orders" {
  bucket = "terraform-configured"
}

resource "aws_s3_bucket_cors_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://shop-${var.revision}.example.com"]
    allowed_headers = ["*"]
    max_age_seconds = 60
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "orders" {
  bucket = aws_s3_bucket.orders.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "orders" {
  depends_on = [aws_s3_bucket_ownership_controls.orders]
  bucket     = aws_s3_bucket.orders.id
  acl        = "private"
}

resource "aws_s3_bucket_public_access_block" "orders" {
  bucket              = aws_s3_bucket.orders.id
  block_public_acls   = true
  block_public_policy = true
}

resource "aws_s3_bucket" "history" {
  bucket        = "terraform-versioned"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "history" {
  bucket = aws_s3_bucket.history.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "history" {
  bucket = aws_s3_bucket.history.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/aws/s3"
    }
  }
}

resource "aws_s3_object" "history" {
  depends_on = [aws_s3_bucket_versioning.history, aws_s3_bucket_server_side_encryption_configuration.history]
  bucket     = aws_s3_bucket.history.id
  key        = "revision.txt"
  content    = "revision ${var.revision}"
}

resource "aws_s3_bucket_website_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_logging" "orders" {
  bucket        = aws_s3_bucket.orders.id
  target_bucket = aws_s3_bucket.orders.id
  target_prefix = "log/"
}

resource "aws_s3_bucket_accelerate_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  status = "Enabled"
}

resource "aws_s3_bucket_request_payment_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  payer  = "BucketOwner"
}

resource "aws_s3_bucket_notification" "orders" {
  bucket      = aws_s3_bucket.orders.id
  eventbridge = true
}

resource "aws_s3_bucket_metric" "orders" {
  bucket = aws_s3_bucket.orders.id
  name   = "all"
}

resource "aws_s3_bucket_analytics_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  name   = "all"
}

resource "aws_s3_bucket_inventory" "orders" {
  bucket                   = aws_s3_bucket.orders.id
  name                     = "weekly"
  included_object_versions = "Current"
  schedule {
    frequency = "Weekly"
  }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.orders.arn
    }
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  name   = "all"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 90 + var.revision
  }
}

resource "aws_iam_role" "web" {
  name = "terraform-web"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_instance_profile" "web" {
  name = "terraform-web"
  role = aws_iam_role.web.name
  tags = { revision = var.revision }
}

resource "aws_iam_service_linked_role" "cache" {
  aws_service_name = "elasticache.amazonaws.com"
  description      = "revision ${var.revision}"
}
