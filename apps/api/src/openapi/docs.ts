import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The browsable documentation at `/docs`; behind a key like everything else, browsers use Basic. */
export function serveDocs(app: NestFastifyApplication, document: () => object): void {
  SwaggerModule.setup('docs', app, document as () => OpenAPIObject, { customSiteTitle: 'Voronka', raw: false });
}
