import http from 'node:http';
import type { Served } from './tasks.js';

/** Sends JSON over connections that are kept open; cheap, so that it measures who is asked and not who asks. */
export class HttpClient {
  readonly #agent: http.Agent;

  constructor(
    private readonly served: Served,
    connections: number,
  ) {
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns the answer's body. @throws Error with the body of any answer but 2xx */
  post(where: string, body: object, person: string): Promise<Readonly<Record<string, unknown>>> {
    const text = JSON.stringify(body);
    const headers = {
      ...{ authorization: `Bearer ${this.served.key}`, 'voronka-on-behalf-of': person },
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    };
    return new Promise((resolve, reject) => {
      const request = http.request(
        this.served.url + where,
        { method: 'POST', agent: this.#agent, headers },
        (response) => {
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (answer += chunk));
          response.on('error', reject);
          response.on('end', () => {
            if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(answer) as Record<string, unknown>);
            else reject(new Error(`${where} was answered ${response.statusCode}: ${answer}`));
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
