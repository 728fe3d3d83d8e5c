// Speaks PostgreSQL's protocol (documentation, 55.2) as a database does in which nothing has been made yet: as far as a program of ours comes
// with one, it comes where the programs are built (scripts/keep-code.cjs). It tells the version, and of everything else that it is not there.
const { createServer } = require('node:net');

const UNDEFINED_TABLE = '42P01';
const TEXT = 25;
/** Of statements that are asked for as a whole; TypeORM's. */
const answers = [
  [/^SELECT version\(\)/i, 'version', 'PostgreSQL 18.0'],
  [/current_schema\(\)/i, 'current_schema', 'public'],
];

const cstring = (text) => Buffer.from(`${text}\0`);
const int16 = (value) => Buffer.from([value >> 8, value & 0xff]);
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
function message(type, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([
  message('R', int32(0)),
  message('S', cstring('server_version'), cstring('18.0')),
  ready,
]);
const error = message(
  'E',
  cstring('SERROR'),
  cstring(`C${UNDEFINED_TABLE}`),
  cstring('Mnothing is here'),
  Buffer.alloc(1),
);

function row(name, value) {
  const column = [cstring(name), int32(0), int16(0), int32(TEXT), int16(0xffff), int32(-1), int16(0)];
  const text = Buffer.from(value);
  return Buffer.concat([
    message('T', int16(1), ...column),
    message('D', int16(1), int32(text.length), text),
    message('C', cstring('SELECT 1')),
  ]);
}

function answer(type, body) {
  if (type === 'S') return Buffer.concat([error, ready]);
  if (type !== 'Q') return undefined;
  const [, name, value] = answers.find(([pattern]) => pattern.test(body)) ?? [];
  return Buffer.concat([name === undefined ? error : row(name, value), ready]);
}

function serve(socket) {
  let pending = Buffer.alloc(0);
  let isWelcome = false;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const header = isWelcome ? 1 : 0; // the first message has no type
      if (pending.length < header + 4) return;
      const end = header + pending.readInt32BE(header);
      if (pending.length < end) return;
      const [type, body] = [String.fromCharCode(pending[0]), pending.toString('utf8', header + 4, end)];
      pending = pending.subarray(end);
      const told = isWelcome ? answer(type, body) : welcome;
      isWelcome = true;
      if (told !== undefined) socket.write(told);
    }
  });
}

/** @returns {Promise<number>} the port of 127.0.0.1 that it is on, for as long as the process runs */
function startEmptyDatabase() {
  const server = createServer(serve).unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

module.exports = { startEmptyDatabase };
