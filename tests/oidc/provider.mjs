// A real OpenID Connect provider on loopback, for tests. Its first line on stdout is its issuer.
// Usage: node provider.mjs CLIENTS ACCOUNTS   (JSON: oidc-provider's clients; claims by login name)
// It ends when its standard input does.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [clients, accounts] = process.argv.slice(2).map((text) => JSON.parse(text));

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
    conformIdTokenClaims: false, // claims stand in the ID token, as with Google
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    findAccount: (_context, login) =>
      login in accounts && { accountId: login, claims: () => ({ sub: login, ...accounts[login] }) },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
