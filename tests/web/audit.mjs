// Runs the GraphQL-over-HTTP audits against a server: node tests/web/audit.mjs http://127.0.0.1:8000/graphql
// Prints one JSON object with what failed, by the level of the requirement.

import { serverAudits } from "graphql-http";

const url = process.argv[2];
const failed = { MUST: [], SHOULD: [], MAY: [] };
let passed = 0;

for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const result = await audit.fn();
  if (result.status === "ok") passed += 1;
  else failed[audit.name.split(" ")[0]].push(`${audit.id} ${audit.name}: ${result.reason}`);
}

console.log(JSON.stringify({ passed, failed }));
