// What stands around the app in production, from Debian's packages and the files of deploy/: nginx before it, pgbouncer behind it.
// Everything listens on loopback, keeps its files in a folder of the test, and is ended with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from './patience';
import { ROOT } from './program';

/** @returns the names that are not installed here */
export function missing(...programs: string[]): string[] {
  return programs.filter((name) => {
    try {
      execFileSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${name}`], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
}

/** From PgBouncer 1.24 on prepared statements are carried unless it is told not to (its NEWS; 1.21 could, when told to). */
export function carriesPrepared(): boolean {
  const said = execFileSync('sh', ['-c', 'PATH="$PATH:/usr/sbin" pgbouncer --version'], { encoding: 'utf8' });
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(said) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 24);
}

export class Around {
  private readonly children: ChildProcess[] = [];
  private front: { readonly port: number; readonly master: number } | undefined;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }

  /** Two addresses in turn, as deploy/nginx has it, without TLS. */
  async nginx(port: number, apps: readonly number[]): Promise<void> {
    const conf = this.nginxConf(port, apps);
    this.front = { port, master: await this.start('nginx', ['-c', conf, '-e', 'stderr'], port) };
  }

  /** Takes the others out of service, as `nginx -s reload` does. Returns when what was under way at them has been answered. */
  async serveFrom(apps: readonly number[]): Promise<void> {
    if (this.front === undefined) throw new Error('nginx is not started');
    const { port, master } = this.front;
    const workers = (): string[] =>
      readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').split(' ').filter(Boolean);
    const before = workers();
    this.nginxConf(port, apps);
    process.kill(master, 'SIGHUP');
    const areNew = (now: readonly string[]) => now.length > 0 && !now.some((pid) => before.includes(pid));
    await until(() => areNew(workers()), 'other workers of nginx');
  }

  private nginxConf(port: number, apps: readonly number[]): string {
    const servers = apps.map((app) => `server 127.0.0.1:${app} max_fails=1 fail_timeout=1s;`).join(' ');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(this.folder, name)};`)
      .join(' ');
    return this.file(
      'nginx.conf',
      `daemon off; pid ${join(this.folder, 'nginx.pid')}; error_log stderr warn; worker_processes 1;
      ${process.getuid?.() === 0 ? 'user root;' : ''} events {}
      http { ${paths} access_log off; upstream latchkey { ${servers} }
        server { listen 127.0.0.1:${port}; include ${join(ROOT, 'deploy/nginx/latchkey-proxy.conf')}; } }`,
    );
  }

  /** The settings of deploy/pgbouncer, before another server. @returns DATABASE_URL through it */
  async pgbouncer(port: number, database: string): Promise<string> {
    const target = new URL(database);
    const name = target.pathname.slice(1);
    const users = this.file('userlist.txt', `"${target.username}" "${target.password}"\n`);
    const settings = readFileSync(join(ROOT, 'deploy/pgbouncer/pgbouncer.ini'), 'utf8')
      .replace(/^latchkey = .*$/m, `${name} = host=${target.hostname} port=${target.port} dbname=${name}`)
      .replace(/^listen_addr = .*$/m, 'listen_addr = 127.0.0.1')
      .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
      .replace(/^auth_file = .*$/m, `auth_file = ${users}\nunix_socket_dir =`);
    const ini = this.file('pgbouncer.ini', settings);
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    await this.start('pgbouncer', [...user, ini], port);
    return `postgres://${target.username}:${target.password}@127.0.0.1:${port}/${name}`;
  }

  async stop(): Promise<void> {
    for (const child of this.children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o644 });
    return path;
  }

  /** @returns its pid @throws Error with what the program said when it does not listen in time */
  private async start(program: string, args: string[], port: number): Promise<number> {
    const child = spawn(program, args, {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const listening = async (): Promise<number | false | undefined> => {
      if (child.exitCode !== null) throw new Error(`${program} has ended: ${said}`);
      return (await listens(port)) && child.pid;
    };
    return until(listening, () => `${program} on port ${port} (it says: ${said})`);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('connect', () => socket.destroy()).on('error', () => resolve(false));
  });
}
