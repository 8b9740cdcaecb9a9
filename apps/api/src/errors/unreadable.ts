import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpError } from './http.error.js';
import { refusalOf } from './problem.js';

/** What the HTTP parser gives up on, by the code of its error: no route and no hook ever sees such a request. */
const GIVEN_UP: Readonly<Record<string, HttpError>> = {
  HPE_HEADER_OVERFLOW: new HttpError(431, 'HEADERS_TOO_LARGE', 'send fewer or shorter headers, and a shorter path'),
  ERR_HTTP_REQUEST_TIMEOUT: new HttpError(408, 'REQUEST_TIMEOUT', 'send the whole request at once, then it is read'),
};

const NO_HTTP = new HttpError(400, 'REQUEST_MALFORMED', 'send a request in HTTP/1.1: this one cannot be read');

/** Answers as everything else is answered, as a problem document, and ends the connection. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const { problem } = refusalOf(GIVEN_UP[error.code ?? ''] ?? NO_HTTP, '/');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
