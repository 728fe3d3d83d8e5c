// What stands between a vendor's client and its dialect, one file per vendor folder: `files` (definition -> its specification),
// `schemas` (our stand-in), `operations` (what the judges have to refuse, one entry per operation), `sdks` (official SDKs' flows).
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const helpers = ['index.cjs', 'kit.cjs'];
const vendors = readdirSync(__dirname)
  .filter((file) => file.endsWith('.cjs') && !helpers.includes(file))
  .map((file) => require(join(__dirname, file)));

module.exports = {
  files: Object.assign({}, ...vendors.map(({ files }) => files)),
  schemas: vendors.flatMap(({ schemas }) => schemas),
  operations: vendors.flatMap(({ operations }) => operations),
  sdks: vendors.flatMap(({ sdks }) => sdks),
};
