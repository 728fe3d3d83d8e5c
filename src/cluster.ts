// `npm run start:cluster`: CLUSTER_INSTANCES instances on one port, by default one per core (see cluster/cluster-supervisor.ts). stdout gets JSON
// lines, one of which is the ready line; stderr gets one line for whatever happens to an instance. SIGUSR2 restarts the instances one after
// the other, SIGTERM drains all of them.
import 'reflect-metadata';
import { join } from 'node:path';
import { loadAppConfig } from './app.config';
import { ClusterConfig } from './cluster/cluster.config';
import { clusterMetrics } from './cluster/cluster-metrics';
import { ClusterSupervisor } from './cluster/cluster-supervisor';
import { HttpConfig } from './config/http.config';
import { ConfigError, type LoadedConfig } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { migrateOnStart } from './database/migrate-on-start';
import { MetricsListener } from './http/metrics-listener';
import { Metrics } from './platform/metrics/metrics';
import { explain } from './platform/process/explain';
import { output } from './platform/process/output';
import { freePort, hostRefused, listenBeside } from './platform/process/ports';
import { originOf } from './platform/request/public-url';

/**
 * The settings in which an instance of a cluster differs from a single one: it does not migrate, since the supervisor has done so; its metrics
 * have a port of their own, for the supervisor to read; and it has only its share of the cores.
 */
async function environment(config: LoadedConfig): Promise<NodeJS.ProcessEnv> {
  const { PORT, adminPort } = config.get(HttpConfig);
  const { coresEach, instances } = config.get(ClusterConfig);
  const given = process.env;
  return {
    CLUSTER_INSTANCES: String(instances),
    MIGRATE_ON_START: 'false',
    PORT: String(PORT === 0 ? await freePort() : PORT),
    ADMIN_PORT: String(adminPort === 0 ? await freePort() : adminPort),
    METRICS_PORT: '0',
    METRICS_HOST: '127.0.0.1',
    BCRYPT_CONCURRENCY: given['BCRYPT_CONCURRENCY'] || String(coresEach),
    UV_THREADPOOL_SIZE: given['UV_THREADPOOL_SIZE'] || String(coresEach + 4),
  };
}

/** @throws the error that has prevented the first start. The caller must end the instances then */
async function serve(config: LoadedConfig, supervisor: ClusterSupervisor, metrics: Metrics): Promise<void> {
  const { METRICS_HOST, METRICS_PORT, metricsPort } = config.get(HttpConfig);
  const ready = await supervisor.start();
  const text = (): Promise<string> => clusterMetrics(metrics, supervisor.running);
  const listener = new MetricsListener({ contentType: metrics.contentType, text });
  const bind = (each: number): Promise<number> =>
    listener.listen(each, METRICS_HOST).catch(hostRefused('METRICS_HOST'));
  const isChosen = METRICS_PORT !== undefined || config.environment.production;
  const port = await listenBeside(bind, 'METRICS_PORT', metricsPort, isChosen);
  const instances = supervisor.running.length;
  output.line(JSON.stringify({ ...ready, metrics: originOf(METRICS_HOST, port), instances, event: 'ready' }));
}

function endWith(supervisor: ClusterSupervisor): (gently: boolean, failed?: boolean) => void {
  let ending = false;
  return (gently, failed = false) => {
    if (ending) return;
    ending = true;
    void supervisor.stop({ gently }).then((clean) => process.exit(clean && !failed ? 0 : 1));
  };
}

async function main(): Promise<void> {
  const config = loadAppConfig(process.env);
  await migrateOnStart(config.get(DatabaseConfig), output.note);
  const metrics = new Metrics();
  const { instances } = config.get(ClusterConfig);
  const env = await environment(config);
  const supervisor = new ClusterSupervisor(join(__dirname, 'main.js'), instances, env, output, metrics);
  const end = endWith(supervisor);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(true));
  process.on('disconnect', () => end(false)).on('message', (message) => message === 'stop' && end(false));
  process.stdout.on('error', () => end(true)); // nobody reads our lines any more
  process.on('SIGUSR2', () => void supervisor.restart());
  await serve(config, supervisor, metrics).catch((error: unknown) => {
    output.note(`latchkey: ${explain(error)}`);
    end(false, true);
  });
}

main().catch((error: unknown) => {
  output.note(`latchkey: ${explain(error, [ConfigError])}`);
  process.exit(1);
});
