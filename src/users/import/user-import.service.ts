// Imports accounts of another system from a file of any length, batch after batch: while one batch is written, the next one is read. An import
// that was stopped goes on where it was when it is started again with the same file and settings. user-import.sql.ts says why no line is lost
// or imported twice.
import { Injectable } from '@nestjs/common';
import { PhoneConfig } from '../../config/phone.config';
import { TestPhones } from '../../config/test-phones';
import { DatabaseConfig } from '../../database/database.config';
import type { NamedStatement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { readFirebaseProject } from '../../platform/crypto/foreign/firebase-scrypt';
import { OperatorError } from '../../platform/process/operator-error';
import { Random } from '../../platform/random/random';
import { type Batch, batchesOf } from './import-batches';
import { ImportConnection } from './import-connection';
import type { FieldRules } from './import-fields';
import { type ImportFile, inspectFile } from './import-file';
import type { LineRules } from './import-line.policy';
import { ImportPasswords } from './import-passwords.service';
import { writeReport } from './import-report';
import { type BatchParameters, importBatch, importOfFile, refusalCodes, startImport } from './user-import.sql';
import type { ImportOutcome, ImportProgress, ImportRequest, ImportSettings } from './user-import.types';

/** How far an import has come, as the database has it. */
interface Standing {
  readonly id: string;
  readonly doneBytes: number;
  readonly doneLines: number;
  readonly imported: number;
  readonly refused: number;
  readonly isFinished: boolean;
}

interface Run {
  readonly request: ImportRequest;
  readonly connection: ImportConnection;
  readonly batch: NamedStatement<BatchParameters>;
  readonly standing: Standing;
}

@Injectable()
export class UserImport {
  constructor(
    private readonly config: DatabaseConfig,
    private readonly phones: PhoneConfig,
    private readonly testPhones: TestPhones,
    private readonly passwords: ImportPasswords,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * @param onProgress called after each batch
   * @throws OperatorError for a file that cannot be imported at all, and while another process imports it
   */
  async run(request: ImportRequest, onProgress: (progress: ImportProgress) => void): Promise<ImportOutcome> {
    const fields = {
      renamed: new Map(Object.entries(request.settings.renamed)),
      ignoresUnknown: request.settings.ignoreUnknown,
    };
    const lines = this.rulesOf(request.settings);
    const file = await inspectFile(request.file, request.settings, fields);
    const connection = await ImportConnection.open(this.config);
    try {
      await connection.lock(file.digest);
      const batch = importBatch(request.dryRun ? await connection.beginDryRun() : 'users');
      const earlier = await this.standing(connection, file.digest);
      const isNew = earlier === undefined || (earlier.isFinished && request.again);
      const standing = isNew ? await this.begin(connection, file, request) : earlier;
      const progress = await this.bring({ request, connection, batch, standing }, file, { fields, lines }, onProgress);
      const reported = await this.report(connection, standing.id, progress.refused, request.report);
      return {
        ...progress,
        ...reported,
        importId: standing.id,
        run: isNew ? 'begun' : standing.isFinished ? 'done' : 'resumed',
      };
    } finally {
      await connection.close();
    }
  }

  /** Retention deletes refused lines. A report without them must not replace the one that was written when they were there. */
  private async report(connection: ImportConnection, importId: string, refused: number, path: string) {
    const codes = await connection.run<{ code: string; count: number }>(refusalCodes, [importId]);
    const kept = codes.reduce((sum, { count }) => sum + count, 0);
    if (kept < refused) return { isReported: false, codes: [] };
    await writeReport(connection, importId, path);
    return { isReported: true, codes };
  }

  private rulesOf(settings: ImportSettings): LineRules {
    const firebase = settings.firebaseConfig === undefined ? undefined : readFirebaseProject(settings.firebaseConfig);
    if (settings.firebaseConfig !== undefined && firebase === undefined) {
      throw new OperatorError(
        'the Firebase parameters lack one of base64_signer_key, base64_salt_separator, rounds, mem_cost',
      );
    }
    return {
      settings,
      now: this.clock.now(),
      phone: (text) => this.testPhones.parse(text, this.phones.countries)?.e164,
      password: (fields) => this.passwords.read(fields, { withoutPassword: settings.withoutPassword, firebase }),
      newId: () => this.random.uuid(),
    };
  }

  private async standing(connection: ImportConnection, digest: Buffer): Promise<Standing | undefined> {
    const [row] = await connection.run<Standing>(importOfFile, [digest]);
    return row;
  }

  private async begin(connection: ImportConnection, file: ImportFile, { actor }: ImportRequest): Promise<Standing> {
    const importId = this.random.uuid();
    const values = { importId, digest: file.digest, fileBytes: file.bytes, actor, now: this.clock.now() };
    await connection.run(...startImport.with(values));
    return { id: importId, doneBytes: 0, doneLines: 0, imported: 0, refused: 0, isFinished: false };
  }

  private async bring(
    run: Run,
    { bytes: fileBytes, table, start }: ImportFile,
    rules: { fields: FieldRules; lines: LineRules },
    onProgress: (progress: ImportProgress) => void,
  ): Promise<ImportProgress> {
    let progress: ImportProgress = { ...run.standing, fileBytes };
    if (run.standing.isFinished) return progress;
    const { doneBytes, doneLines } = run.standing;
    const from = doneBytes < start.bytes ? start : { bytes: doneBytes, lines: doneLines };
    const source = { file: run.request.file, fileBytes, from, table, ...rules };
    let writing = Promise.resolve(progress);
    for await (const batch of batchesOf(source)) {
      progress = await writing;
      onProgress(progress);
      writing = this.write(run, batch, progress);
      writing.catch(() => undefined); // waited for above, once the next batch is read
    }
    progress = await writing;
    onProgress(progress);
    return progress;
  }

  private async write(
    { request, connection, batch, standing }: Run,
    { to, isLast, accounts, refused }: Batch,
    before: ImportProgress,
  ) {
    const bound = batch.with({
      importId: standing.id,
      fromBytes: before.doneBytes,
      doneBytes: to.bytes,
      doneLines: to.lines,
      isLast,
      now: this.clock.now(),
      actor: request.actor,
      refusedLines: refused.map(({ line }) => line),
      refusedCodes: refused.map(({ code }) => code),
      lines: accounts.map(({ line }) => line),
      ids: accounts.map(({ id }) => id),
      phones: accounts.map(({ phone }) => phone),
      emails: accounts.map(({ email }) => email),
      verified: accounts.map(({ emailVerifiedAt }) => emailVerifiedAt?.toISOString() ?? null),
      names: accounts.map(({ displayName }) => displayName),
      locales: accounts.map(({ locale }) => locale),
      statuses: accounts.map(({ status }) => status),
      mustChange: accounts.map(({ mustChange }) => mustChange),
      hashes: accounts.map(({ passwordHash }) => passwordHash),
      created: accounts.map(({ createdAt }) => createdAt.toISOString()),
      authenticated: accounts.map(({ lastAuthenticatedAt }) => lastAuthenticatedAt.toISOString()),
    });
    const [row] = await connection.run<{ imported: number; refused: number }>(...bound);
    if (row === undefined) throw new OperatorError('another process has gone on with this import');
    return { ...before, ...row, doneBytes: to.bytes, doneLines: to.lines };
  }
}
