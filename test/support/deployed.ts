// What stands around the app in production, from Debian's packages and the files of deploy/: nginx before it, pgbouncer behind it.
// Everything listens on loopback, keeps its files in a folder of the test, and is ended with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

export class Around {
  private readonly children: ChildProcess[] = [];

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }

  /** Two addresses in turn, as deploy/nginx has it, without TLS. */
  async nginx(port: number, apps: readonly number[]): Promise<void> {
    const servers = apps.map((app) => `server 127.0.0.1:${app} max_fails=1 fail_timeout=1s;`).join(' ');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(this.folder, name)};`)
      .join(' ');
    const conf = this.file(
      'nginx.conf',
      `daemon off; pid ${join(this.folder, 'nginx.pid')}; error_log stderr warn; worker_processes 1;
      ${process.getuid?.() === 0 ? 'user root;' : ''} events {}
      http { ${paths} access_log off; upstream latchkey { ${servers} }
        server { listen 127.0.0.1:${port}; include ${join(ROOT, 'deploy/nginx/latchkey-proxy.conf')}; } }`,
    );
    await this.start('nginx', ['-c', conf, '-e', 'stderr'], port);
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

  /** @throws Error with what the program said when it does not listen within 20 s */
  private async start(program: string, args: string[], port: number): Promise<void> {
    const child = spawn(program, args, {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    for (let waited = 0; waited < 20_000 && child.exitCode === null; waited += 50) {
      if (await listens(port)) return;
      await sleep(50);
    }
    throw new Error(`${program} does not listen on ${port}: ${said}`);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('connect', () => socket.destroy()).on('error', () => resolve(false));
  });
}
