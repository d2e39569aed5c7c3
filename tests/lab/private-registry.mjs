// Stands in for a registry that wants credentials: passes requests with them on to the lab's registry, and counts them.
// Runs in a node's network namespace, where its engine trusts it as it is on loopback.
import { createServer, request } from 'node:http';

const [port = '', target = '', credentials = ''] = process.argv.slice(2);
const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`;
const [host, hostPort] = target.split(':');
let accepted = 0;
let refused = 0;

createServer((asked, answer) => {
  if (asked.url === '/counts') {
    answer.end(JSON.stringify({ accepted, refused }));
    return;
  }
  if (asked.headers.authorization !== wanted) {
    refused += 1;
    answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="lab"' });
    answer.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
    return;
  }
  accepted += 1;
  const { authorization: _, ...headers } = asked.headers;
  const sent = request(
    { host, port: Number(hostPort), method: asked.method, path: asked.url, headers },
    (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    },
  );
  sent.on('error', () => answer.destroy());
  asked.pipe(sent);
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
