import { settingArguments } from './settings.js';

describe('settings of the server', () => {
  it('lets the caller override a default and adds what is new', () => {
    const line = settingArguments({ shared_buffers: '64MB', 'auto_explain.log_analyze': true }, true).join(' ');
    expect(line).toContain('-c shared_buffers=64MB');
    expect(line).not.toContain('shared_buffers=256MB');
    expect(line).toContain('-c auto_explain.log_analyze=true');
    expect(line).toContain('-c listen_addresses=127.0.0.1');
  });

  it('flushes to disk unless told not to, and loses no commit to kill -9 even then', () => {
    expect(settingArguments({}, false).join(' ')).not.toContain('synchronous_commit');
    expect(settingArguments({}, true).join(' ')).not.toContain('fsync');
    expect(settingArguments({}, false)).toEqual(expect.arrayContaining(['fsync=off', 'full_page_writes=off']));
  });

  it.each(['port', 'listen_addresses', 'Listen_Addresses', 'data_directory', 'logging_collector'])(
    'refuses %s, which the supervisor owns',
    (name) => expect(() => settingArguments({ [name]: 'x' }, true)).toThrow(/set by the embedded server itself/),
  );

  it.each(['work mem', 'a=b', '-c', ''])('refuses %p as a name', (name) =>
    expect(() => settingArguments({ [name]: 'x' }, true)).toThrow(/not the name of a PostgreSQL parameter/),
  );
});
