// What is in deploy/ as texts: the compose file by the schema of its specification; manifests, unit and proxies by what must hold of them
// whoever changes them; the alert rules by what Prometheus makes of them. That the rest runs is another test's matter (test/e2e/long/deploy).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse, parseAllDocuments } from 'yaml';
import { missing } from '../support/deployed';

const folder = join(__dirname, '../../deploy');
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly maxUnavailable?: number;
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly terminationGracePeriodSeconds?: number;
        readonly securityContext: {
          readonly runAsNonRoot: boolean;
          readonly runAsGroup: number;
          readonly fsGroup?: number;
        };
        readonly volumes: readonly {
          readonly secret?: { readonly secretName: string; readonly defaultMode: number };
        }[];
      };
    };
  };
}

// Kubernetes reads YAML 1.1, where 0440 is octal.
const manifests = readdirSync(join(folder, 'kubernetes')).flatMap((file) =>
  parseAllDocuments(text(`kubernetes/${file}`), { version: '1.1' }).map((document) => document.toJS() as Manifest),
);
const named = (kind: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
};
const SECRET = /(SECRET_KEYS|DATABASE_URL|API_KEY|TOKEN|PASSWORD)$/;

describe('deploy/compose', () => {
  const schemaPath = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json');
  const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as Record<string, unknown>;
  delete schema['$schema']; // https, which ajv does not know by that spelling
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const valid = ajv.compile(schema);
  const compose = parse(text('compose/docker-compose.yml'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string>; ports?: string[]; secrets?: string[] }>;
    secrets: Record<string, unknown>;
  };

  it('is valid by the schema of the Compose Specification', () => {
    expect(valid(compose) ? [] : valid.errors).toEqual([]);
  });

  it('has two instances, and shows the world the proxy alone', () => {
    const { services } = compose;
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['app1', 'app2', 'migrate', 'pgbouncer', 'postgres', 'redis']),
    );
    expect(Object.keys(services).filter((name) => services[name]?.ports !== undefined)).toEqual(['nginx']);
  });

  it('takes every secret from a file that it declares', () => {
    const settings = Object.values(compose.services).flatMap(({ environment }) => Object.keys(environment ?? {}));
    expect(settings.filter((name) => SECRET.test(name))).toEqual([]);
    const used = Object.values(compose.services).flatMap(({ secrets }) => secrets ?? []);
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.secrets)));
  });
});

describe('deploy/kubernetes', () => {
  it('runs two instances, of which a disruption leaves one, and ends them as slowly as they drain', () => {
    const { spec } = named('StatefulSet');
    expect([spec.replicas, named('PodDisruptionBudget').spec.maxUnavailable]).toEqual([2, 1]);
    expect(spec.template?.spec.terminationGracePeriodSeconds).toBeGreaterThan(15);
    const labels = spec.template?.metadata.labels;
    expect(spec.selector).toEqual({ matchLabels: labels });
    expect(named('PodDisruptionBudget').spec.selector).toEqual({ matchLabels: labels });
    const services = manifests.filter(({ kind }) => kind === 'Service');
    for (const { spec: service } of services) expect(service.selector).toEqual(labels);
  });

  it('asks readiness for traffic and liveness for life, never the one for the other', () => {
    const [app] = named('StatefulSet').spec.template?.spec.containers ?? [];
    expect(app?.readinessProbe?.httpGet.path).toBe('/health/ready');
    expect(app?.livenessProbe?.httpGet.path).toBe('/health/live');
  });

  it.each(['StatefulSet', 'Job'])('gives %s its secrets as files, and no more rights than it needs', (kind) => {
    const spec = named(kind).spec.template?.spec;
    expect(spec?.securityContext.runAsNonRoot).toBe(true);
    const modes = spec?.volumes.flatMap(({ secret }) => secret?.defaultMode ?? []);
    // The files are root's, so the account reads them by its group.
    expect([modes, spec?.securityContext.fsGroup]).toEqual([[0o440], spec?.securityContext.runAsGroup]);
    for (const { env, securityContext } of spec?.containers ?? []) {
      expect(env.filter(({ name }) => SECRET.test(name))).toEqual([]);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('migrates in a job of its own, so that no instance does', () => {
    expect(named('Job').spec.template?.spec.containers).toHaveLength(1);
    expect(JSON.stringify(named('StatefulSet'))).not.toContain('MIGRAT');
  });
});

const absent = missing('promtool');

(absent.length === 0 ? it : it.skip)(
  `the alert rules tell what alert-rules.yml wants of them${absent.length === 0 ? '' : `: skipped, not installed: ${absent.join(', ')}`}`,
  () => {
    const check = () =>
      execFileSync('promtool', ['test', 'rules', join(__dirname, 'alert-rules.yml')], { stdio: 'pipe' });
    expect(check).not.toThrow();
  },
);

describe('deploy, the rest', () => {
  it('the unit keeps secrets out of the environment and waits for the drain', () => {
    const lines = text('systemd/latchkey.service').split('\n');
    expect(lines.filter((line) => !/^(#.*|\[\w+\]|[A-Z]\w+=.*|)$/.test(line))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining(['DynamicUser=yes', 'TimeoutStopSec=20', 'StateDirectory=latchkey']));
    expect(lines.filter((line) => line.startsWith('LoadCredential=')).length).toBeGreaterThan(2);
  });

  it('the proxy says who the client is, and passes on neither its word about that nor its trace', () => {
    const conf = text('nginx/latchkey-proxy.conf');
    expect(conf).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(conf).toContain('proxy_set_header traceparent "";');
    expect(conf).not.toMatch(/proxy_next_upstream[^;]*(http_5|non_idempotent)/);
  });

  it.each(['latchkey', 'many-instances'])(
    'rules of %s have a name, an expression, a severity and a sentence each',
    (file) => {
      const { groups } = parse(text(`prometheus/${file}.rules.yml`)) as {
        groups: {
          rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[];
        }[];
      };
      const rules = groups.flatMap(({ rules: each }) => each);
      expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
      for (const { expr, labels, annotations } of rules) {
        expect([expr.length > 0, /^(page|ticket)$/.test(labels.severity), annotations.summary.length > 10]).toEqual([
          true,
          true,
          true,
        ]);
      }
    },
  );
});
