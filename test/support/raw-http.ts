// Requests as they are written: fetch would normalise paths, forbid methods and hide what came back on a closed socket.
import { request } from 'node:http';
import { connect } from 'node:net';
import type { ProblemBody } from './api-client';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export const JSON_TYPE: Readonly<Record<string, string>> = { 'content-type': 'application/json' };

export function send(origin: string, { method = 'POST', path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: { ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * Bytes on a socket, and everything that came back until the server closed it.
 * @throws Error when it is still open after 5 s of silence
 */
export function sendBytes(origin: string, ...writes: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => writes.forEach((part) => socket.write(part)));
    socket.setTimeout(5000, () => {
      reject(new Error(`the connection was left open after: ${answer}`));
      socket.destroy();
    });
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

/** Sends a body in chunks until the server has had enough. @returns how many bytes of `total` it took */
export function pour(origin: string, path: string, total: number): Promise<number> {
  const { hostname, port } = new URL(origin);
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  return new Promise((resolve) => {
    let sent = 0;
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      more();
    });
    const more = () => {
      while (sent < total && socket.writable) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    socket.setTimeout(5000, () => socket.destroy());
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(sent));
  });
}

export function problemIn(text: string): ProblemBody {
  return JSON.parse(text) as ProblemBody;
}
