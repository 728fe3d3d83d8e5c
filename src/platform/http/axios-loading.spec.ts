import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxiosOutboundHttp } from './axios-outbound-http';

const server = createServer((_, response) => response.end('{}'));
const http = new AxiosOutboundHttp();

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));

afterAll(() => {
  http.onApplicationShutdown();
  server.close();
});

it('loads its library with the next call where it could not be loaded, for want of file descriptors say', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  jest.doMock('axios', () => {
    throw new Error('EMFILE: too many open files');
  });
  await expect(http.request({ method: 'GET', url, headers: {} })).rejects.toThrow('EMFILE');
  jest.dontMock('axios');
  expect(await http.request({ method: 'GET', url, headers: {} })).toMatchObject({ ok: true, text: '{}' });
});
