// The initialisms that ACK writes in capitals within a name and in small letters at its start, in the order in which
// it looks for them. The order matters: `Dbi` must be found before `Db`.

export interface Initialism {
  /** Matches every way of writing that is replaced. A plain text is sought as it is. */
  readonly match: string | RegExp;
  readonly upper: string;
  readonly lower: string;
}

function plain(...words: readonly string[]): readonly Initialism[] {
  return words.map((word) => {
    const upper = word.toUpperCase();
    return { match: upper.charAt(0) + upper.slice(1).toLowerCase(), upper, lower: word };
  });
}

function special(match: string | RegExp, upper: string, lower: string): Initialism {
  return { match, upper, lower };
}

export const initialisms: readonly Initialism[] = [
  special(/Ids/g, 'IDs', 'ids'),
  special(/Id(?!entifier|le|entity|entities|empotency)/g, 'ID', 'id'),
  special(/Dbi/g, 'DBI', 'dbi'),
  special(/Db(?!i)/g, 'DB', 'db'),
  special(/DB/g, 'DB', 'db'),
  special(/CACert/g, 'CACert', 'caCert'),
  special(/M[dD]5Of/g, 'MD5Of', 'md5Of'),
  special(/Ipc/g, 'IPC', 'ipc'),
  special('IPAddress', 'IPAddress', 'ip_address'),
  special(/I[Pp]v4/g, 'IPv4', 'ipv4'),
  special(/I[Pp]v6/g, 'IPv6', 'ipv6'),
  special(/Ip(?!art|am)/g, 'IP', 'ip'),
  special('IPSet', 'IPSet', 'ip_set'),
  special(/Amis/g, 'AMIs', 'amis'),
  special(/Ami/g, 'AMI', 'ami'),
  ...plain('acl', 'acm'),
  special('AIML', 'AIML', 'aiml'),
  ...plain('acp', 'api', 'arn', 'asn'),
  special('Awsvpc', 'AWSVPC', 'awsVPC'),
  ...plain(
    'aws',
    'az',
    'bgp',
    'cors',
    'cidr',
    'cname',
    'cpu',
    'crl',
    'cps',
    'csr',
    'dhcp',
    'dns',
    'dpd',
    'ebs',
  ),
  ...plain('ec2'),
  special(/[Ee]cr(?!et|ease)/g, 'ECR', 'ecr'),
  ...plain('ecs'),
  special(/Edi(?!t)/g, 'EDI', 'edi'),
  ...plain('efs', 'eks'),
  special(/Ena(?!bl)/g, 'ENA', 'ena'),
  ...plain('ecmp', 'fifo', 'fpga', 'gid', 'gpu', 'grpc', 'html'),
  special(/HTTP(?!S[A-Z])|Http(?!s)/g, 'HTTP', 'http'),
  ...plain('https', 'iam', 'icmp'),
  special(/Io(?!ps)/g, 'IO', 'io'),
  ...plain('iops', 'ipam', 'ja3', 'json', 'jwt', 'kms', 'ldap', 'mfa'),
  special(/Mibps/g, 'MiBps', 'miBps'),
  special(/Nat(?!i)/g, 'NAT', 'nat'),
  special(/Oid(?!c)/g, 'OID', 'oid'),
  special(/OID(?!C)/g, 'OID', 'oid'),
  ...plain('oidc', 'ocsp', 'pca', 'pid'),
  special(/Ramdisk/g, 'RAMDisk', 'ramDisk'),
  special(/Ram/g, 'RAM', 'ram'),
  ...plain(
    'rfc',
    'sasl',
    'scram',
    'sdk',
    'sha256',
    'sns',
    'sqli',
    'sql',
    'sqs',
    'sriov',
    'sse',
    'ssl',
    'tcp',
    'tde',
  ),
  ...plain('tpm', 'tls'),
  special(/[Tt][Tt][Ll](?!ing|e)/g, 'TTL', 'ttl'),
  ...plain('udp'),
  special(/uri(?!ty)|Uri|URI/g, 'URI', 'uri'),
  ...plain('url', 'uuid'),
  special(/Uids/g, 'UIDs', 'uids'),
  special(/Uid/g, 'UID', 'uid'),
  special(/U[Ii](?!D|d)/g, 'UI', 'ui'),
  ...plain('vlan'),
  special(/[Vv]pce/g, 'VPCE', 'vpce'),
  special(/[Vv]pc(?!e)/g, 'VPC', 'vpc'),
  ...plain('vpn', 'vgw', 'waf', 'xml', 'xss', 'yaml'),
];
