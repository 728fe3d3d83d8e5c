// Who judges the wire between client and dialect: the vendor's specification through Prism, or our own small schemas.
const { spawn } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const Ajv = require('ajv').default;
const { files, mend, schemas, undeclared } = require('./vendors/index.cjs');
const { bodyOf } = require('./vendors/kit.cjs');

/** One strict Prism proxy per specification. A request or an answer outside the specification fails the row. */
async function specJudge(folder, vendors) {
  const mended = mkdtempSync(join(tmpdir(), 'latchkey-specs-'));
  process.once('exit', () => rmSync(mended, { recursive: true, force: true }));
  const byFile = {};
  const proxies = {};
  for (const [name, file] of Object.entries(files)) {
    byFile[file] ??= await startPrism(specificationOf(join(folder, 'mockable'), file, mended), vendors.origin);
    proxies[name] = byFile[file];
  }
  const complaints = () => Object.values(byFile).flatMap((proxy) => proxy.complaints.splice(0));
  /** A status that the file leaves out and another page of the vendor has: nothing to hold it against. */
  const isUndeclared = (name, complaint) =>
    complaint.includes('Unable to match the returned status code') &&
    (undeclared[name] ?? []).includes(vendors.exchanges[0].answer.status);
  return {
    name: 'vendor specification',
    covers: (name) => name in proxies,
    originOf: (name) => proxies[name].origin,
    verdict: (name) => complaints().find((complaint) => !isUndeclared(name, complaint)),
    complaintIn: complaintOfPrism,
    close: () => Promise.all(Object.values(byFile).map((proxy) => proxy.stop())),
  };
}

/** The publisher's file, or a copy with what it left out. */
function specificationOf(folder, file, mended) {
  if (mend[file] === undefined) return join(folder, file);
  const spec = mend[file](JSON.parse(readFileSync(join(folder, file), 'utf8')));
  writeFileSync(join(mended, file), JSON.stringify(spec));
  return join(mended, file);
}

/** Prism in strict mode answers in the vendor's place, and says where request or answer left the specification. */
function complaintOfPrism(text) {
  const { type, title, validation = [] } = JSON.parse(text);
  if (!String(type).includes('prism/errors')) return undefined;
  const [{ location = [], message } = {}] = validation;
  const [side, ...where] = location;
  return `${side === 'response' ? 'answer' : 'request'}: ${message ?? title} (${where.join('.')})`;
}

async function startPrism(spec, upstream) {
  const port = await freePort();
  const prism = require.resolve('@stoplight/prism-cli/dist/index.js');
  const args = [prism, 'proxy', spec, upstream, '--errors', '-h', '127.0.0.1', '-p', String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill());
  const complaints = [];
  await new Promise((resolve, reject) => {
    const read = (chunk) => {
      const text = chunk.toString();
      for (const line of text.split('\n'))
        if (/violation|VALIDATION|UNPROCESSABLE/i.test(line)) complaints.push(line.trim());
      if (text.includes('Prism is listening')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`prism ended with ${code} for ${spec}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.kill();
    });
  return { origin: `http://127.0.0.1:${port}`, complaints, stop };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Our own schemas of the operations, over what the dialects received and answered. */
function schemaJudge(vendors) {
  const ajv = new Ajv({ strict: false });
  const compiled = schemas.map(({ method, path, request, answers }) => ({
    method,
    path,
    request: ajv.compile(request),
    answers: Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, ajv.compile(schema)])),
  }));
  const judge = (exchange) => {
    const { method, path, answer } = exchange;
    const found = compiled.find((entry) => entry.method === method && entry.path.test(path.split('?')[0]));
    if (found === undefined) return `request: no schema for ${method} ${path}`;
    // What the vendor refuses need not be right: a client is driven with wrong numbers too.
    if (answer.status < 400 && !found.request(bodyOf(exchange)))
      return `request: ${ajv.errorsText(found.request.errors)}`;
    const check = found.answers[answer.status] ?? (answer.status < 500 ? found.answers['4XX'] : undefined);
    if (check === undefined) return `answer: no schema for ${method} ${path} ${answer.status}`;
    return check(answer.body) ? undefined : `answer: ${ajv.errorsText(check.errors)}`;
  };
  const verdict = () => vendors.exchanges.splice(0).map(judge).find(Boolean);
  return {
    name: 'own schema',
    covers: () => true,
    originOf: () => vendors.origin,
    verdict,
    complaintIn: verdict,
    close: async () => undefined,
  };
}

module.exports = { specJudge, schemaJudge };
