// The description of the API is made once, by the build (dist/openapi.json), so that no start has to: the programs carry neither what
// decorators of Swagger say nor Swagger itself, a twentieth of what a start holds (ADR 90). In src/ and dist/src/ all of it is as it was.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { describe } = require('./dump-openapi.cjs');

const FILE = 'openapi.json';
/** Types that are only there to be described; of what class-transformer and Nest look at (`Type`, parameters) none. */
const described = /^\(0, _swagger\.\w+\)|^_ts_metadata\("design:(returntype"|type", Function\))/;
const library = /const _swagger = require\("@nestjs\/swagger"\);/;

/** Instead of src/http/openapi.ts. */
const made = `"use strict";
const { readFileSync } = require("node:fs");
exports.buildOpenApiDocument = () => JSON.parse(readFileSync(__dirname + "/../../${FILE}", "utf8"));
`;

async function writeDescription(dist) {
  writeFileSync(join(dist, FILE), JSON.stringify(await describe(join(dist, 'src'))));
}

/** @returns a function that gives a module of ours as compiled without what describes it; what is left stays where it is, for maps */
async function undescribed(dist) {
  const { parseSync, Visitor } = await import('rolldown/utils');
  return (path) => {
    if (path === join(dist, 'src', 'http', 'openapi.js')) return made;
    const code = readFileSync(path, 'utf8');
    if (!library.test(code)) return code;
    const cuts = [];
    const find = (list, end) =>
      list.forEach(({ start, end: last }, at) => {
        if (described.test(code.slice(start, last))) cuts.push([start, list[at + 1]?.start ?? end]);
      });
    const visitor = new Visitor({
      ArrayExpression: ({ elements, end }) => find(elements.filter(Boolean), end - 1),
      CallExpression: ({ arguments: list, end }) => find(list, end - 1),
    });
    visitor.visit(parseSync(path, code).program);
    const rest = cuts.reduce((text, [start, end]) => blank(text, start, end), code).replace(library, '');
    if (rest.includes('_swagger.')) throw new Error(`${path} does something else with Swagger than describe`);
    return rest;
  };
}

const blank = (text, start, end) =>
  text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end);

module.exports = { undescribed, writeDescription };
