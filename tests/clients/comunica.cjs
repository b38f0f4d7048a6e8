// Asks sources by Comunica as it comes. In: JSON on standard input, {"sources": […], "query": "SELECT …"}; out: rows as JSON.
// Comunica's HTTP client names two things that Node.js has from version 22 on; nothing here uses them.
const zlib = require('node:zlib');
const threads = require('node:worker_threads');

zlib.createZstdDecompress ??= () => { throw new Error('this Node.js knows no zstd'); };
threads.markAsUncloneable ??= () => {};

const { QueryEngine } = require('@comunica/query-sparql');

async function main() {
  const { sources, query } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  const bindings = await new QueryEngine().queryBindings(query, { sources });
  const rows = await bindings.toArray();
  const told = rows.map(row => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
  process.stdout.write(JSON.stringify(told));
}

main().catch((error) => { console.error(error); process.exit(1); });
