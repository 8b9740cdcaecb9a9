import { createLogger } from './logger.js';

function written(level: string, log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  log(createLogger(level, { write: (line) => void lines.push(line) }));
  return lines;
}

describe('the log of a program', () => {
  it('is one JSON object a line, with a time to read', () => {
    const [line = ''] = written('info', (logger) => logger.info({ route: '/v1/deals' }, 'request'));
    expect(JSON.parse(line)).toMatchObject({ level: 30, route: '/v1/deals', msg: 'request' });
    expect((JSON.parse(line) as { time: string }).time).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    expect(line.endsWith('\n')).toBe(true);
  });

  it('hides secrets wherever they turn up', () => {
    const lines = written('info', (logger) => {
      logger.info({ authorization: 'Bearer hush' });
      logger.info({ headers: { authorization: 'Bearer hush' } });
      logger.info({ req: { headers: { authorization: 'Bearer hush' } } });
      logger.info({ settings: { apiKey: 'hush', masterKey: 'hush', databaseUrl: 'hush', eventStoreUrl: 'hush' } });
    });
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toContain('hush');
  });

  it('says nothing below its level', () => {
    expect(written('warn', (logger) => logger.info('quiet'))).toEqual([]);
    expect(written('silent', (logger) => logger.error('quiet'))).toEqual([]);
  });
});
