// A real, certified OpenID Connect provider. People sign in at a real server with it, while the
// provider changes its keys:
//
//   MEMORANDA_BIN=target/debug/memoranda node --test tests/oidc/
//
// Everything listens on 127.0.0.1, on free ports, and ends with the test.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const { MEMORANDA_BIN } = process.env;
assert(MEMORANDA_BIN, "set MEMORANDA_BIN");

const RESOURCE = "https://crm.example.org/graphql";
const CALLBACK = "https://crm.example.org/callback";

const people = {
  ada: { name: "Ada Lovelace", email: "ada@example.org", email_verified: true, groups: ["it"] },
  grace: {
    name: "Grace Hopper",
    email: "grace@example.org",
    email_verified: true,
    groups: ["staff"],
  },
};

let handler, issuer, web, memoranda, folder, endpoint;

/** A new key of that kind, in the provider's format. */
async function newKey(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    ...(await exportJWK(privateKey)),
    alg,
    use: "sig",
    kid: `${alg} ${randomBytes(4).toString("hex")}`,
  };
}

/** Makes the provider sign with the first of these keys, and publish all of them. */
function run(keys) {
  const alg = keys[0].alg;
  const provider = new Provider(issuer, {
    jwks: { keys },
    // The provider's own cookies.
    cookies: { keys: ["a key of this test alone"] },
    clients: [
      {
        client_id: "crm-web",
        client_secret: "a secret of this test alone",
        redirect_uris: [CALLBACK],
        id_token_signed_response_alg: alg,
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA", "Ed25519"] },
    claims: { email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    conformIdTokenClaims: false,
    findAccount: (_, id) =>
      people[id] && {
        accountId: id,
        claims: () => ({ sub: id, preferred_username: id, ...people[id] }),
      },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: "crm",
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg } },
        }),
        useGrantedResource: () => true,
      },
    },
    extraTokenClaims: (_, token) => ({
      preferred_username: token.accountId,
      ...people[token.accountId],
    }),
  });
  handler = provider.callback();
}

/** A browser that signs in at the provider, and the tokens that the application gets for it. */
async function signInAtProvider(login) {
  const cookies = new Map();
  const visit = async (url, options = {}) => {
    const headers = {
      ...options.headers,
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    };
    const response = await fetch(url, { ...options, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  };
  const form = (fields) => ({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });
  const verifier = randomBytes(32).toString("base64url");
  const parameters = {
    client_id: "crm-web",
    response_type: "code",
    scope: "openid email profile",
    redirect_uri: CALLBACK,
    resource: RESOURCE,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  let url = `${issuer}/auth?${new URLSearchParams(parameters)}`;
  let response = await visit(url);
  for (let step = 0; step < 10; step += 1) {
    if (response.status === 302 || response.status === 303) {
      url = new URL(response.headers.get("location"), url).href;
      if (url.startsWith(CALLBACK)) break;
      response = await visit(url);
      continue;
    }
    const page = await response.text();
    assert.equal(response.status, 200, page);
    const [, prompt] = page.match(/name="prompt" value="(\w+)"/);
    const fields = prompt === "login" ? { prompt, login, password: "any" } : { prompt };
    response = await visit(url, form(fields));
  }
  const code = new URL(url).searchParams.get("code");
  assert(code, url);
  const request = form({
    grant_type: "authorization_code",
    code,
    redirect_uri: CALLBACK,
    code_verifier: verifier,
  });
  request.headers.authorization = `Basic ${btoa("crm-web:a+secret+of+this+test+alone")}`;
  const tokens = await (await fetch(`${issuer}/token`, request)).json();
  assert(tokens.access_token, JSON.stringify(tokens));
  return tokens;
}

/** The server's answer to a token. */
async function viewer(token) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: "{ viewer { username fullName email role } }" }),
  });
  return { status: response.status, ...(await response.json()) };
}

const expected = (username, role) => ({
  status: 200,
  data: {
    viewer: { username, fullName: people[username].name, email: people[username].email, role },
  },
});

before(async () => {
  web = createServer((request, response) => handler(request, response)).listen(0, "127.0.0.1");
  await once(web, "listening");
  issuer = `http://127.0.0.1:${web.address().port}`;
  // The provider does not run yet, but the server starts.
  handler = (_, response) => response.writeHead(503).end();
  folder = await mkdtemp(join(tmpdir(), "memoranda-oidc-"));
  memoranda = spawn(MEMORANDA_BIN, ["serve", "--migrate"], {
    cwd: folder,
    env: {
      ...process.env,
      MEMORANDA_DATABASE_URL: "sqlite://office.db",
      MEMORANDA_FILE_STORE: "files",
      MEMORANDA_LISTEN: "127.0.0.1:0",
      MEMORANDA_JWT_SECRET: randomBytes(32).toString("base64"),
      MEMORANDA_OIDC_ISSUER: issuer,
      MEMORANDA_OIDC_AUDIENCE: "crm,crm-web",
      MEMORANDA_OIDC_PROVISION: "true",
      MEMORANDA_OIDC_ROLE_CLAIM: "groups",
      MEMORANDA_OIDC_ADMIN_VALUE: "it",
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  for await (const line of createInterface({ input: memoranda.stderr })) {
    const listening = line.match(/listening on (http:\/\/[\d.:]+)/);
    if (listening) {
      endpoint = `${listening[1]}/graphql`;
      break;
    }
  }
  assert(endpoint, "the server did not start");
  memoranda.stderr.resume();
});

after(async () => {
  if (memoranda?.exitCode === null && memoranda.kill("SIGTERM")) await once(memoranda, "exit");
  web?.closeAllConnections();
  web?.close();
  if (folder) await rm(folder, { recursive: true });
});

test("people sign in while the provider comes up and changes its keys", async () => {
  const rsa = await newKey("RS256");
  run([rsa]);
  const first = await signInAtProvider("ada");
  assert.deepEqual(await viewer(first.access_token), expected("ada", "ADMIN"));
  assert.deepEqual(
    await viewer((await signInAtProvider("grace")).access_token),
    expected("grace", "MEMBER"),
  );

  // The new key is published and used at once, without any notice to the server.
  const ec = await newKey("ES256");
  run([ec, rsa]);
  assert.deepEqual(
    await viewer((await signInAtProvider("ada")).access_token),
    expected("ada", "ADMIN"),
  );
  assert.deepEqual(await viewer(first.access_token), expected("ada", "ADMIN"));

  const ed25519 = await newKey("EdDSA");
  run([ed25519]);
  assert.deepEqual(
    await viewer((await signInAtProvider("ada")).access_token),
    expected("ada", "ADMIN"),
  );
  assert.equal((await viewer(first.access_token)).status, 401, "its key has been withdrawn");
});

test("an id token signs in as well", async () => {
  const { id_token } = await signInAtProvider("grace");
  assert.deepEqual(await viewer(id_token), expected("grace", "MEMBER"));
});

test("the provider's other tokens and other people's are refused", async () => {
  const tokens = await signInAtProvider("grace");
  const [head, claims, signature] = tokens.access_token.split(".");
  const decoded = JSON.parse(Buffer.from(claims, "base64url"));
  decoded.groups = ["it"];
  const forged = [head, Buffer.from(JSON.stringify(decoded)).toString("base64url"), signature].join(
    ".",
  );
  const answer = await viewer(forged);
  assert.equal(answer.status, 401);
  assert.match(answer.errors[0].message, /signature is not its issuer's/);
  assert.deepEqual(await viewer(tokens.access_token), expected("grace", "MEMBER"));
});
