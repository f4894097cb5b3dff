# What a team keeps in Terraform for a workload on ROSA: an issuer, a role with its policies, a bucket with its objects.
# `revision` stands for the edits of a later day.
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
  default_tags {
    tags = { team = "shop" }
  }
}

variable "revision" {
  type    = number
  default = 1
}

data "aws_caller_identity" "me" {}

resource "aws_s3_bucket" "orders" {
  bucket = "terraform-orders"
  tags   = { revision = var.revision }
}

resource "aws_s3_bucket_public_access_block" "orders" {
  bucket                  = aws_s3_bucket.orders.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.revision == 1
}

resource "aws_s3_bucket_policy" "orders" {
  bucket = aws_s3_bucket.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Cart"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.cart.arn }
      Action    = ["s3:GetObject", "s3:PutObject"]
      Resource  = "${aws_s3_bucket.orders.arn}/*"
    }]
  })
}

resource "aws_s3_object" "greeting" {
  bucket       = aws_s3_bucket.orders.id
  key          = "a folder/greeting é+${var.revision}.txt"
  content      = "hello ${var.revision}"
  content_type = "text/plain"
  metadata     = { mood = "fine" }
}

resource "aws_iam_openid_connect_provider" "cluster" {
  url             = "https://issuer.example.com/cluster"
  client_id_list  = var.revision == 1 ? ["sts.amazonaws.com"] : ["sts.amazonaws.com", "openshift"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
}

resource "aws_iam_role" "cart" {
  name                 = "terraform-cart"
  path                 = "/shop/"
  description          = "Revision ${var.revision}"
  max_session_duration = 3600 * var.revision
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.cluster.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "issuer.example.com/cluster:sub" = "system:serviceaccount:shop:cart-${var.revision}" } }
    }]
  })
  tags = { revision = var.revision }
}

resource "aws_iam_policy" "orders" {
  name        = "terraform-orders"
  path        = "/shop/"
  description = "Orders"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "${aws_s3_bucket.orders.arn}/${var.revision}/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.cart.name
  policy_arn = aws_iam_policy.orders.arn
}

resource "aws_iam_role_policy" "inline" {
  name = "inline"
  role = aws_iam_role.cart.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }]
  })
}

resource "aws_iam_user" "robot" {
  name = "terraform-robot"
  tags = { revision = var.revision }
}

resource "aws_iam_access_key" "robot" {
  user   = aws_iam_user.robot.name
  status = var.revision == 1 ? "Active" : "Inactive"
}

resource "aws_iam_user_policy_attachment" "robot" {
  user       = aws_iam_user.robot.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "role" {
  value = aws_iam_role.cart.arn
}
