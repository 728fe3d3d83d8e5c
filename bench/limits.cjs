// The limits of production, said aloud: in development all are 100 times wider. .env.example names each with its default, and a test keeps it
// equal to the code.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const named = readFileSync(join(__dirname, '..', '.env.example'), 'utf8').matchAll(/^#(LIMIT_\w+)=(.+)$/gm);
const PRODUCTION_LIMITS = Object.fromEntries([...named].map(([, name, limit]) => [name, limit]));

module.exports = { PRODUCTION_LIMITS };
