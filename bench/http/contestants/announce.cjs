/** Says that a program is ready and where it listens, as programs.cjs waits for it; the program ends when it is told to. */
function announce(server) {
  const api = `http://127.0.0.1:${server.address().port}`;
  process.once('SIGTERM', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ event: 'ready', api })}\n`);
}

module.exports = { announce };
