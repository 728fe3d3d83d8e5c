// The real system under a clock of ours: embedded PostgreSQL, the simulator, one instance of the API with the limits that production
// has. Everything it starts ends with it; all traffic is on 127.0.0.1.
const { spawn } = require('node:child_process');
const { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { PRODUCTION_LIMITS } = require('../limits.cjs');

const dist = join(__dirname, '..', '..', 'dist', 'src');

const children = new Set();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Starts one of our programs. @returns its ready line */
function program(file, env) {
  const child = spawn(process.execPath, [join(dist, file)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.add(child);
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${file} ended:\n${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-20_000);
        const line = output.split('\n').find((one) => one.includes('"event":"ready"') && one.endsWith('}'));
        if (line !== undefined) resolve({ child, ready: JSON.parse(line) });
      });
    }
  });
}

async function stopped(child) {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.removeAllListeners('exit');
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([end, gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
  child.kill('SIGKILL');
  children.delete(child);
}

class System {
  constructor(parts) {
    Object.assign(this, parts);
  }

  static async start() {
    require('reflect-metadata');
    const { startEmbeddedPostgres } = require(join(dist, 'database', 'embedded', 'embedded-postgres.js'));
    const { migrate } = require(join(dist, 'database', 'migrate.js'));
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-pumping-'));
    chmodSync(folder, 0o755); // as root, the server runs under another account and has to enter
    const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), fast: true });
    await migrate(postgres.url, () => undefined);
    const clock = join(folder, 'clock');
    writeFileSync(clock, '0');
    const common = { NODE_ENV: 'development', LATCHKEY_DIR: folder, CLOCK_OFFSET_FILE: clock, SMS_PROVIDERS: 'telnyx' };
    const simulator = await program('simulator/main.js', { ...common, SIMULATOR_PORT: '0' });
    const api = await program('main.js', {
      ...common,
      ...PRODUCTION_LIMITS,
      DATABASE_URL: postgres.url,
      MIGRATE_ON_START: 'false',
      PORT: '0',
      SIMULATOR_PORT: new URL(simulator.ready.simulator).port,
      BCRYPT_COST: '4',
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'fatal',
    });
    return new System({ folder, postgres, clock, simulator, api });
  }

  /** Moves the clock of all programs. @param {number} at milliseconds since 1970 */
  setTime(at) {
    writeFileSync(`${this.clock}.new`, String((at - Date.now()) / 1000));
    renameSync(`${this.clock}.new`, this.clock);
  }

  /**
   * A machine that cannot hash so fast is no part of what is measured: who is told `overloaded` comes again.
   * @returns {Promise<{status: number, body: any}>}
   */
  async post(path, body, address) {
    for (;;) {
      const response = await fetch(`${this.api.ready.api}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const answer = { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
      if (answer.body?.code !== 'overloaded') return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** The newest code on a phone that is not this one. @throws Error when none arrives within 20 s */
  async code(phone, notThis) {
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      const response = await fetch(`${this.simulator.ready.simulator}/inbox/${encodeURIComponent(phone)}`);
      const [message] = await response.json();
      if (message !== undefined && message.id !== notThis) return { id: message.id, code: message.code };
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    throw new Error('no code arrived');
  }

  async stop() {
    await stopped(this.api.child);
    await stopped(this.simulator.child);
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { System };
