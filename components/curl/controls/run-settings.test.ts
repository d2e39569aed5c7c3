import { describe, expect, test } from 'vitest';
import { DURATIONS, RATES, ROTATE } from '@/lib/curl/run';
import { DEFAULT_SETTINGS, parseRunSettings, type RunSettings } from './run-settings';

describe('stored settings', () => {
  test('reads back what was stored', () => {
    const settings: RunSettings = {
      target: 'goweb:8888',
      entryNode: ROTATE,
      path: '/x',
      method: 'HEAD',
      mode: 'burst',
      rate: 50,
      seconds: 60,
      burst: 500,
      inFlight: 16,
      timeout: 5,
      connection: 'keepAlive',
      keepGoing: true,
    };
    expect(parseRunSettings(JSON.stringify(settings))).toEqual(settings);
    for (const rate of RATES) {
      for (const seconds of DURATIONS) {
        expect(parseRunSettings(JSON.stringify({ rate, seconds }))).toMatchObject({
          rate,
          seconds,
        });
      }
    }
  });

  test.each(['', 'null', '[]', '7', '"x"', '{', '{"rate":1e9,"seconds":-1,"path":7,"target":{}}'])(
    'replaces invalid JSON %s by the defaults',
    (text) => expect(parseRunSettings(text)).toEqual(DEFAULT_SETTINGS),
  );

  test('replaces each invalid value by its default', () => {
    expect(
      parseRunSettings('{"rate":"once","seconds":60,"entryNode":["x"],"mode":"fast"}'),
    ).toEqual({
      ...DEFAULT_SETTINGS,
      seconds: 60,
    });
  });
});
