# Networks as a team has them for its databases: the account's own VPC, and one that Terraform makes.
# `revision` stands for the edits of a later day.
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

data "aws_availability_zones" "here" {
  state = "available"
}

data "aws_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  name   = "default"
}

resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "shop", revision = var.revision }
}

# The provider waits ten seconds for another value of an attribute: here nothing else waits for it.
resource "aws_vpc" "lab" {
  cidr_block           = "10.30.0.0/16"
  enable_dns_hostnames = var.revision == 2
}

resource "aws_subnet" "shop" {
  count                   = 2
  vpc_id                  = aws_vpc.shop.id
  cidr_block              = cidrsubnet(aws_vpc.shop.cidr_block, 8, count.index)
  availability_zone       = data.aws_availability_zones.here.names[count.index]
  map_public_ip_on_launch = var.revision == 2
}

resource "aws_internet_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
}

resource "aws_route_table" "shop" {
  vpc_id = aws_vpc.shop.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.shop.id
  }
}

resource "aws_route_table_association" "shop" {
  count          = 2
  subnet_id      = aws_subnet.shop[count.index].id
  route_table_id = aws_route_table.shop.id
}

resource "aws_security_group" "cart" {
  name        = "cart"
  description = "pods of the cart"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_security_group" "orders" {
  name_prefix = "orders-"
  vpc_id      = aws_vpc.shop.id
  ingress {
    description = "within the VPC"
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.shop.cidr_block]
  }
  ingress {
    description     = "from the cart"
    from_port       = 5432
    to_port         = 5432 + var.revision - 1
    protocol        = "tcp"
    security_groups = [aws_security_group.cart.id]
    self            = true
  }
  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "cart" {
  security_group_id            = aws_security_group.cart.id
  referenced_security_group_id = aws_security_group.orders.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
  description                  = "revision ${var.revision}"
}

resource "aws_vpc_security_group_egress_rule" "cart" {
  security_group_id = aws_security_group.cart.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "cart" {
  type              = "ingress"
  security_group_id = aws_security_group.cart.id
  from_port         = 8443
  to_port           = 8443
  protocol          = "tcp"
  cidr_blocks       = ["192.168.0.0/16", "10.20.0.0/16"]
}

output "default_subnets" {
  value = length(data.aws_subnets.default.ids)
}
