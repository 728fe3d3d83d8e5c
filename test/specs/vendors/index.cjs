// What stands between a vendor's client and its dialect, one file per vendor folder:
// `files`: definition -> its specification; `undeclared`, if any: definition -> statuses that the specification leaves out and
// another page of the vendor has; `mend`, if any: specification -> what its publisher left out or broke, put right; `oneAtATime`, if any: definitions that refuse
// a second start for a number; `schemas`: our stand-in for the specification; `operations`: what the judges have to refuse, an
// entry per operation; `sdks`: what official SDKs do against the dialects.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const helpers = ['index.cjs', 'kit.cjs'];
const vendors = readdirSync(__dirname)
  .filter((file) => file.endsWith('.cjs') && !helpers.includes(file))
  .map((file) => require(join(__dirname, file)));

module.exports = {
  files: Object.assign({}, ...vendors.map(({ files }) => files)),
  oneAtATime: vendors.flatMap(({ oneAtATime = [] }) => oneAtATime),
  mend: Object.assign({}, ...vendors.map(({ mend }) => mend)),
  schemas: vendors.flatMap(({ schemas }) => schemas),
  operations: vendors.flatMap(({ operations }) => operations),
  undeclared: Object.assign({}, ...vendors.map(({ undeclared }) => undeclared)),
  sdks: vendors.flatMap(({ sdks }) => sdks),
};
