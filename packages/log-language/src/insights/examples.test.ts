// Queries as the user guide and people write them: they compile, and run over events they were not written for.
import { describe, expect, it } from 'vitest';
import { eventsOf, runQuery } from './query.fixture.ts';

const events = eventsOf(
  [
    {
      eventName: 'RunInstances',
      awsRegion: 'us-east-2',
      userIdentity: { arn: 'arn:aws:iam::1:root' },
      errorCode: 'AccessDenied',
    },
    {
      srcAddr: '192.0.2.7',
      dstAddr: '10.0.0.1',
      bytes: 4000,
      packets: 4,
      protocol: 6,
      action: 'REJECT',
      range: 3001,
    },
    '2026-11-27 10:00:00 [ERROR] user=ann, method:GET, latency := 12',
    '["not an object"]',
    '',
    'caf\u00e9 \u{1f600} {"half": ',
  ].filter((event) => event !== ''),
);

describe('examples', () => {
  it.each([
    'fields @timestamp, @message | sort @timestamp desc | limit 25',
    'filter @message like /Exception/ | stats count(*) as exceptionCount by bin(5m) | sort exceptionCount desc',
    'fields @message | filter @message not like /Exception/',
    'fields f1, f2, f3 | filter (duration>2000)',
    'fields `foo-bar`, action, abs(f3-f4)',
    'fields f1 | filter statusCode like /2\\d\\d/',
    'fields f1, f2, f3 | filter f1 =~ /^(?i)Exception$/',
    'FIELDS @message | PARSE @message "* [*] *" as loggingTime, loggingType, loggingMessage | FILTER loggingType IN ["ERROR", "INFO"] | DISPLAY loggingMessage, loggingType = "ERROR" as isError',
    'parse @message "user=*, method:*, latency := *" as @user,\n  @method, @latency | stats avg(@latency) by @method,\n @user',
    'parse @message /user=(?<user2>.*?), method:(?<method2>.*?),\n latency := (?<latency2>.*?)/ | stats avg(latency2) by method2, user2',
    'filter @type = "REPORT" | fields @requestId, @billedDuration | sort by @billedDuration desc',
    'filter @type = "REPORT" | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB, min(@maxMemoryUsed / 1000 / 1000) as smallest, provisonedMemoryMB2 by bin(5m) as provisonedMemoryMB2',
    'stats sum(packets) as packetsTransferred by srcAddr, dstAddr | sort packetsTransferred  desc | limit 15',
    'filter isIpv4InSubnet(srcAddr, "192.0.2.0/24") | fields @timestamp, srcAddr | sort bytes desc | limit 15',
    'filter protocol=17 | stats sum(bytes) as bytesTransferred by dstAddr | sort bytesTransferred desc | limit 10',
    'stats count (*) by eventSource, eventName, awsRegion',
    'filter eventSource="ec2.amazonaws.com" and eventName = "RunInstances" | stats count(*) as n by userIdentity.arn',
    'fields @timestamp, errorCode, errorMessage | filter ispresent(errorCode) and errorCode != "" | sort @timestamp desc',
    'stats count(*) by strcontains(@message, "ERROR"), bin(1d)',
    'stats sum(@message like /ERROR/) as errors, sum(level = "error") / count(*) * 100 as percent by bin(30s)',
    'FIELDS strlen(@message) AS message_length\n| STATS sum(message_length)/1024/1024 as logs_mb BY bin(5m)\n| STATS max(logs_mb) AS peak_ingest_mb,\n min(logs_mb) AS min_ingest_mb,\n avg(logs_mb) AS avg_ingest_mb',
    'STATS count_distinct(client_ip) AS session_ips, count(*) AS requests BY session_id, client_platform | FILTER session_ips > 1 | STATS count(*) AS multiple_ip_sessions, sum(requests) / count(*) AS avg_session_requests BY client_platform',
    'FIELDS strlen(@message) AS message_length | STATS sum(message_length) / 1024 / 1024 AS logs_mb BY BIN(5m) as @t | STATS max(logs_mb) AS peak_ingest_mb BY dateceil(@t, 10m)',
    'fields @timestamp, server, severity, message | sort @timestamp desc | dedup server',
    'filter toMillis(@timestamp) >= (now() * 1000 - 7200000)',
    'fields jsonParse(@message) as json_message | unnest json_message.events into event | display event.name',
    "filter @message like /ERROR/ | parse @message 'Failed to do: *' as cause | pattern cause | sort @sampleCount asc",
    'parse @logStream "*/*/*/*" as env, service, instance, shard | stats count(*) by env, service',
    'fields @timestamp, bytes | autoregress bytes p=1-4',
    'fields @timestamp, host, cpu_user, cpu_system | filldown host cpu*',
    'fields price, tax, qty | addtotals price, tax',
    'expand items | stats count(*) by items, host',
    'limit any 1',
  ])('%s', (text) => {
    const { rows, recordsMatched } = runQuery(text, events);
    expect(recordsMatched).toBeLessThanOrEqual(events.length);
    expect(
      rows.flat().every(({ field, value }) => field !== '' && value !== 'NaN' && value !== 'undefined'),
    ).toBe(true);
  });
});
