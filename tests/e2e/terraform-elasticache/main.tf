# Caches as a team has them: one node, a pair with a token, a cluster, a serverless one, users and groups. `revision` stands
# for the edits of a later day. The provider waits half a minute for each change of most kinds, so nothing that it waits
# for depends on another such thing, and each is changed once.
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

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_security_group" "cache" {
  name   = "cache"
  vpc_id = data.aws_vpc.default.id
}

resource "aws_elasticache_subnet_group" "shop" {
  name        = "shop"
  description = "revision ${var.revision}"
  subnet_ids  = data.aws_subnets.default.ids
}

resource "aws_elasticache_parameter_group" "shop" {
  name        = "shop"
  family      = "redis7"
  description = "of the shop"

  parameter {
    name  = "maxmemory-policy"
    value = var.revision == 1 ? "allkeys-lru" : "allkeys-lfu"
  }
  parameter {
    name  = "timeout"
    value = "300"
  }
}

resource "aws_elasticache_cluster" "single" {
  cluster_id           = "single"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = "cache.t3.micro"
  num_cache_nodes      = 1
  parameter_group_name = aws_elasticache_parameter_group.shop.name
  subnet_group_name    = aws_elasticache_subnet_group.shop.name
  security_group_ids   = [aws_security_group.cache.id]
  maintenance_window   = var.revision == 1 ? "sun:05:00-sun:06:00" : "mon:05:00-mon:06:00"
  apply_immediately    = true
}

resource "aws_elasticache_user" "default" {
  user_id       = "shop-default"
  user_name     = "default"
  engine        = "REDIS"
  access_string = "off ~keys* -@all +get"
  passwords     = ["password-of-nobody-at-all"]
}

resource "aws_elasticache_user" "cart" {
  user_id       = "cart"
  user_name     = "cart"
  engine        = "REDIS"
  access_string = var.revision == 1 ? "on ~cart:* +@all" : "on ~cart:* +@all -@dangerous"

  authentication_mode {
    type      = "password"
    passwords = ["password-of-the-cart"]
  }
}

resource "aws_elasticache_user" "late" {
  user_id              = "late"
  user_name            = "late"
  engine               = "REDIS"
  access_string        = "on ~* +@read"
  no_password_required = true
}

resource "aws_elasticache_user_group" "shop" {
  engine        = "REDIS"
  user_group_id = "shop"
  user_ids = concat(
    [aws_elasticache_user.default.user_id, aws_elasticache_user.cart.user_id],
    var.revision == 1 ? [] : [aws_elasticache_user.late.user_id],
  )
}

resource "aws_elasticache_replication_group" "pair" {
  replication_group_id       = "pair"
  description                = "two, then three"
  node_type                  = "cache.t3.micro"
  num_cache_clusters         = var.revision == 1 ? 2 : 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = "the-token-of-the-whole-shop"
  subnet_group_name          = aws_elasticache_subnet_group.shop.name
  apply_immediately          = true
}

resource "aws_elasticache_replication_group" "spread" {
  replication_group_id       = "spread"
  description                = "in cluster mode"
  node_type                  = "cache.t3.micro"
  parameter_group_name       = "default.redis7.cluster.on"
  num_node_groups            = var.revision == 1 ? 2 : 3
  replicas_per_node_group    = 1
  automatic_failover_enabled = true
  apply_immediately          = true
}

resource "aws_elasticache_serverless_cache" "free" {
  engine               = "valkey"
  name                 = "free"
  description          = "revision ${var.revision}"
  major_engine_version = "8"
  security_group_ids   = [aws_security_group.cache.id]
  subnet_ids           = data.aws_subnets.default.ids

  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 5000
    }
  }
}

output "endpoint" {
  value = "${aws_elasticache_cluster.single.cache_nodes[0].address}:${aws_elasticache_cluster.single.cache_nodes[0].port}"
}

output "members" {
  value = length(aws_elasticache_replication_group.pair.member_clusters)
}
