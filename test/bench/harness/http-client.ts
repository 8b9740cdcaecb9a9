import http from 'node:http';
import type { Served } from './tasks.js';

type Answer = Readonly<Record<string, unknown>>;

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly where: string;
  /** Body; empty: none. */
  readonly text: string;
  readonly person: string | null;
}

/** Sends JSON over connections that are kept open; cheap, so that it measures who is asked and not who asks. */
export class HttpClient {
  readonly #agent: http.Agent;

  constructor(
    private readonly served: Served,
    connections: number,
  ) {
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @param person on whose behalf; null: no person acts. @returns the answer's body. @throws Error with the body of any answer but 2xx */
  async post(where: string, body: object, person: string | null): Promise<Answer> {
    return await this.#ask({ method: 'POST', where, text: JSON.stringify(body), person });
  }

  /** @returns the answer's body. @throws Error with the body of any answer but 2xx */
  async get(where: string): Promise<Answer> {
    return await this.#ask({ method: 'GET', where, text: '', person: null });
  }

  #ask({ method, where, text, person }: Asked): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.served.key}`,
      'voronka-on-behalf-of': person ?? 'none',
      ...(text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve, reject) => {
      const request = http.request(this.served.url + where, { method, agent: this.#agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (answer += chunk));
        response.on('error', reject);
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(answer) as Answer);
          else reject(new Error(`${where} was answered ${response.statusCode}: ${answer}`));
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
