// GET /v1/users/me/export. The document is sent as it is read from the database (account-export.service.ts).
import { Readable } from 'node:stream';
import { Controller, Get, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { AccountExport } from './account-export.service';
import { exportSections } from './export-sections';

const rows = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;
const properties = {
  exportedAt: { type: 'string', format: 'date-time' },
  ...Object.fromEntries(exportSections.map(({ name }) => [name, rows])),
} as const;

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/export')
export class ExportController {
  constructor(private readonly exports: AccountExport) {}

  /** All that is stored about the person, as one document without secrets. Needs a fresh sign-in or step-up. */
  @Get()
  @StepUp('reading')
  @ApiOkResponse({
    content: { 'application/json': { schema: { type: 'object', properties, required: Object.keys(properties) } } },
  })
  async read(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    const parts = this.exports.write(actor);
    // The first part is made before the answer begins, because until then the answer can still be a refusal.
    const first = await parts.next();
    const document = Readable.from(following(first, parts), { objectMode: false });
    return new StreamableFile(document, {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="account.json"',
    });
  }
}

async function* following(first: IteratorResult<string, void>, parts: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* parts;
}
