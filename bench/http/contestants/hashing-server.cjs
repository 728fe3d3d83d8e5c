// One compare of bcrypt per request and nothing else: what a login cannot cost less than.
const { createServer } = require('node:http');
const { compare, hashSync } = require('bcrypt');
const { announce } = require('./announce.cjs');

const hash = hashSync('x', Number(process.env.COST));
const server = createServer((request, response) => {
  request.resume().on('end', async () => {
    const same = await compare('x', hash);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ same }));
  });
});
server.listen(0, '127.0.0.1', () => announce(server));
