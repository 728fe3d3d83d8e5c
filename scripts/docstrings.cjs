// Summaries and descriptions of the API's operations: the docstrings of the controllers' methods, so that each is written once.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** What only those who work on the code look up (docs/references.md). */
const CASES = / \([AFN]\d+(, [AFN]\d+)*\)/g;
const source = join(__dirname, '..', 'src');

/** @returns texts by operation id, such as Login.login */
async function docstrings() {
  const { parseSync, Visitor } = await import('rolldown/utils');
  const texts = new Map();
  for (const file of readdirSync(source, { recursive: true }).filter((name) => name.endsWith('.controller.ts'))) {
    const code = readFileSync(join(source, file), 'utf8');
    const { comments, program } = parseSync(file, code);
    const visitor = new Visitor({
      ClassDeclaration({ id, body }) {
        for (const { start, key } of body.body) {
          const before = comments.find(({ end }) => end < start && code.slice(end, start).trim() === '');
          if (before?.value.startsWith('*'))
            texts.set(`${id.name.replace(/Controller$/, '')}.${key.name}`, before.value);
        }
      },
    });
    visitor.visit(program);
  }
  return texts;
}

/** @param document its operations get what their docstrings say: the first sentence, and what follows it */
async function withDocstrings(document) {
  const texts = await docstrings();
  for (const operation of Object.values(document.paths).flatMap(Object.values)) {
    const lines = (texts.get(operation.operationId) ?? '').split('\n').map((line) => line.replace(/^\s*\*+\s?/, ''));
    const text = lines.join(' ').replace(CASES, '').trim();
    if (text === '') throw new Error(`${operation.operationId} has no docstring`);
    const [summary, ...more] = text.split(/(?<=\.) (?=[A-Z`])/);
    operation.summary = summary;
    if (more.length > 0) operation.description = more.join(' ');
  }
  return document;
}

module.exports = { withDocstrings };
