// Which line of which source each line of a bundled file is, as a table that one entry can be read of (src/platform/process/source-positions.ts):
// the map itself, read whole, would hold up a server for a quarter of a second at its first error, and a hundred megabytes for ever.
const { SourceMap } = require('node:module');

/** Bytes of an entry: the number of the source and its line, from 1; zeros where a line comes from nowhere. */
const ENTRY = 8;

/** @param {object} map as JSON @returns {{sources: string[], lines: Buffer}} */
function sourceLines(map, code) {
  const all = new SourceMap(map);
  const count = code.split('\n').length;
  const lines = Buffer.alloc(count * ENTRY);
  const numbers = new Map(map.sources.map((source, at) => [source, at]));
  for (let line = 0; line < count; line += 1) {
    const { generatedLine, originalSource, originalLine } = all.findEntry(line, 0xffff_ffff);
    if (generatedLine !== line || originalSource === undefined) continue;
    lines.writeUInt32LE(numbers.get(originalSource), line * ENTRY);
    lines.writeUInt32LE(originalLine + 1, line * ENTRY + ENTRY / 2);
  }
  return { sources: map.sources, lines };
}

module.exports = { sourceLines };
