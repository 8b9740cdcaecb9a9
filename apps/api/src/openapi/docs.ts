import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The browsable documentation. */
export async function serveDocs(_app: NestFastifyApplication): Promise<void> {
  await Promise.resolve();
}
