// clients: the apps and services registered with us. A secret is printed by the command that made it, and never again.
import { type Command, Option } from 'commander';
import { type ClientWithSecret, ClientsManagement } from '../auth/clients/clients-management.service';
import type { ApiClientRecord, ClientChanges } from '../auth/clients/clients.types';
import { clientScopes } from '../platform/request/api-key.decorator';
import type { CommandGroup, Run, Session } from './command-group.types';
import { type Output, type Row, shown } from './output';

const PAGE = 1000;

interface SettingOptions {
  readonly name?: string;
  readonly audience?: string;
  readonly tokenTtl?: string;
  readonly origin?: string[];
  readonly redirectUri?: string[];
  readonly scope?: string[];
}

export const clientsCommands: CommandGroup = {
  name: 'clients',
  summary: 'apps and services registered with this server',
  add(group, run) {
    addReading(group, run);
    addWriting(group, run);
    const simple = {
      disable: 'stops its key, its logins and its sessions within 5 s',
      enable: 'undoes disable',
    } as const;
    for (const [name, summary] of Object.entries(simple) as [keyof typeof simple, string][]) {
      group
        .command(`${name} <client-id>`)
        .description(summary)
        .action(
          run(async (session: Session, clientId: string) => {
            const client = await session.get(ClientsManagement)[name](clientId, session.actor);
            session.output.result(rowOf(client), `${clientId} is ${name}d`);
          }),
        );
    }
    group
      .command('delete <client-id>')
      .description('ends it and its sessions for good; its client id is never given again')
      .action(
        run(async ({ get, output, actor }, clientId: string) => {
          await get(ClientsManagement).delete(clientId, actor);
          output.result({ clientId, deleted: true }, `${clientId} is deleted`);
        }),
      );
  },
};

function addReading(group: Command, run: Run): void {
  group
    .command('list')
    .description('all of them, by client id')
    .action(
      run(async ({ get, output }) => {
        output.list((await get(ClientsManagement).list('', PAGE)).map(rowOf), 'there is no client yet');
      }),
    );
  group
    .command('show <client-id>')
    .description('one of them')
    .action(
      run(async ({ get, output }, clientId: string) => {
        print(output, await get(ClientsManagement).show(clientId));
      }),
    );
}

function addWriting(group: Command, run: Run): void {
  withSettings(group.command('create').description('registers one and prints its secret'))
    .option('--client-id <id>', 'what it names itself with; made up when absent')
    .action(
      run(async ({ get, output, actor }, options: SettingOptions & { clientId?: string }) => {
        const wanted = { ...settingsOf(options), clientId: options.clientId };
        printWithSecret(output, await get(ClientsManagement).create(wanted, actor));
      }),
    );
  withSettings(
    group.command('update <client-id>').description('changes what is named; a list is replaced as a whole'),
  ).action(
    run(async ({ get, output, actor }, clientId: string, options: SettingOptions) => {
      print(output, await get(ClientsManagement).update(clientId, settingsOf(options), actor));
    }),
  );
  group
    .command('rotate-secret <client-id>')
    .description('prints a new secret; the old one stops within 5 s')
    .action(
      run(async ({ get, output, actor }, clientId: string) => {
        printWithSecret(output, await get(ClientsManagement).rotateSecret(clientId, actor));
      }),
    );
}

function withSettings(command: Command): Command {
  return command
    .option('--name <text>', 'for people; the client id when absent')
    .option('--audience <aud>', 'claim aud of its tokens; the client id when absent')
    .option('--token-ttl <seconds>', 'life of its access tokens, 60 to 3600, or "default"')
    .option('--origin <origin...>', 'where its pages call from, such as https://app.example.com; "none" for none')
    .option('--redirect-uri <uri...>', 'where the hosted pages may send people back to, exact; "none" for none')
    .addOption(new Option('--scope <scope...>', 'what its key is good for').choices([...clientScopes, 'none']));
}

function settingsOf({ name, audience, tokenTtl, origin, redirectUri, scope }: SettingOptions): ClientChanges {
  const list = (given: string[] | undefined) => (given?.includes('none') === true ? [] : given);
  return {
    name,
    audience,
    accessTokenTtlSeconds: tokenTtl === undefined ? undefined : tokenTtl === 'default' ? null : Number(tokenTtl),
    allowedOrigins: list(origin),
    redirectUris: list(redirectUri),
    scopes: list(scope),
  };
}

function rowOf({ clientId, name, audience, ...rest }: ApiClientRecord) {
  const { accessTokenTtlSeconds, allowedOrigins, redirectUris, scopes, createdAt, secretCreatedAt, disabledAt } = rest;
  const dates = { createdAt, secretCreatedAt, disabledAt };
  return {
    clientId,
    name,
    audience,
    accessTokenTtlSeconds,
    scopes,
    allowedOrigins,
    redirectUris,
    ...dates,
  } satisfies Row;
}

function print(output: Output, client: ApiClientRecord): void {
  output.result(rowOf(client), textOf(rowOf(client)));
}

function printWithSecret(output: Output, { client, secret }: ClientWithSecret): void {
  const row = { ...rowOf(client), secret: secret.reveal() };
  output.result(row, `${textOf(row)}\n\nThe secret is shown this once: keep it now.`);
}

function textOf(row: Row): string {
  return Object.entries(row)
    .map(([key, cell]) => `${key.padEnd(22)}${shown(cell)}`)
    .join('\n');
}
