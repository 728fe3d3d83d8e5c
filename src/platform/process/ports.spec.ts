import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freePort, portComesFree } from './ports';

it('a free port is never one that an outgoing connection may get before the program listens', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThan(1023);
});

it('a port in use does not come free before its listener ends', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await portComesFree(port, '127.0.0.1', 150)).toBe(false);
  server.close();
  expect(await portComesFree(port, '127.0.0.1', 5000)).toBe(true);
});
