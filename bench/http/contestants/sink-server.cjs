// A vendor for those that do not speak one of the simulator's: takes every message and names it.
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');
const { announce } = require('./announce.cjs');

const server = createServer((request, response) => {
  request
    .resume()
    .on('end', () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: randomUUID() })),
    );
});
server.listen(0, '127.0.0.1', () => announce(server));
