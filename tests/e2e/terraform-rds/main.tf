# Databases as a project might declare them. `revision` 2 edits them in place.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "revision" {
  type    = number
  default = 1
}

provider "aws" {
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false
  skip_credentials_validation = false
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_rds_engine_version" "postgres" {
  engine  = "postgres"
  version = "14"
  latest  = true
}

data "aws_rds_orderable_db_instance" "small" {
  engine                     = "postgres"
  engine_version             = data.aws_rds_engine_version.postgres.version_actual
  preferred_instance_classes = ["db.t3.micro", "db.t3.small"]
  storage_type               = "gp3"
}

resource "aws_db_subnet_group" "shop" {
  name       = "shop"
  subnet_ids = data.aws_subnets.default.ids
  tags       = { revision = var.revision }
}

resource "aws_db_parameter_group" "shop" {
  name        = "shop"
  family      = "postgres14"
  description = "What the shop wants"

  parameter {
    name  = "log_min_duration_statement"
    value = var.revision == 1 ? "500" : "250"
  }

  parameter {
    name         = "max_connections"
    value        = "60"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_option_group" "shop" {
  name                     = "shop"
  engine_name              = "postgres"
  major_engine_version     = "14"
  option_group_description = "Nothing to choose"
}

resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  engine_version          = "14"
  instance_class          = data.aws_rds_orderable_db_instance.small.instance_class
  allocated_storage       = var.revision == 1 ? 20 : 30
  storage_type            = "gp3"
  db_name                 = "orders"
  username                = "shop"
  password                = var.revision == 1 ? "correct-horse" : "battery-staple"
  db_subnet_group_name    = aws_db_subnet_group.shop.name
  parameter_group_name    = aws_db_parameter_group.shop.name
  option_group_name       = aws_db_option_group.shop.name
  backup_retention_period = 1
  skip_final_snapshot     = true
  apply_immediately       = true
  tags                    = { team = "shop" }
}

# Of the cluster, which is there sooner: the provider waits for it after what it is of.
resource "aws_db_cluster_snapshot" "bills" {
  db_cluster_identifier          = aws_rds_cluster.bills.cluster_identifier
  db_cluster_snapshot_identifier = "bills-first"
}

resource "aws_rds_cluster_parameter_group" "bills" {
  name   = "bills"
  family = "aurora-postgresql17"

  parameter {
    name  = "log_statement"
    value = "ddl"
  }
}

resource "aws_rds_global_cluster" "bills" {
  global_cluster_identifier = "bills-everywhere"
  engine                    = "aurora-postgresql"
  engine_version            = "17.4"
  database_name             = "bills"
}

resource "aws_rds_cluster" "bills" {
  cluster_identifier              = "bills"
  engine                          = aws_rds_global_cluster.bills.engine
  engine_version                  = aws_rds_global_cluster.bills.engine_version
  global_cluster_identifier       = aws_rds_global_cluster.bills.id
  database_name                   = "bills"
  master_username                 = "shop"
  master_password                 = "correct-horse"
  db_subnet_group_name            = aws_db_subnet_group.shop.name
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.bills.name
  backup_retention_period         = var.revision == 1 ? 1 : 2
  skip_final_snapshot             = true
  apply_immediately               = true
}

# Gone in the second revision: they end while other things change, and the cluster at last need not wait for them.
resource "aws_rds_cluster_instance" "bills" {
  count              = var.revision == 1 ? 2 : 0
  identifier         = "bills-${count.index}"
  cluster_identifier = aws_rds_cluster.bills.id
  engine             = aws_rds_cluster.bills.engine
  instance_class     = "db.t3.medium"
}

resource "aws_db_proxy" "shop" {
  name           = "shop"
  engine_family  = "POSTGRESQL"
  role_arn       = aws_iam_role.proxy.arn
  vpc_subnet_ids = data.aws_subnets.default.ids
  require_tls    = var.revision == 2

  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf"
  }
}

resource "aws_db_proxy_default_target_group" "shop" {
  db_proxy_name = aws_db_proxy.shop.name

  connection_pool_config {
    max_connections_percent = var.revision == 1 ? 90 : 80
  }
}

resource "aws_db_proxy_target" "shop" {
  db_proxy_name          = aws_db_proxy.shop.name
  target_group_name      = aws_db_proxy_default_target_group.shop.name
  db_instance_identifier = aws_db_instance.orders.identifier
}

resource "aws_iam_role" "proxy" {
  name = "rds-proxy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_db_event_subscription" "shop" {
  name             = "shop"
  sns_topic        = "arn:aws:sns:us-east-1:123456789012:databases"
  source_type      = "db-instance"
  event_categories = var.revision == 1 ? ["failure"] : ["failure", "deletion"]
}

output "address" {
  value = aws_db_instance.orders.address
}

output "port" {
  value = aws_db_instance.orders.port
}
