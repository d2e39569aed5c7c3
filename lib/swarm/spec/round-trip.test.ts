import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createServiceSchema, patchServiceSchema } from './form';
import { formOf } from './form-of';
import { goDuration, parseDuration } from './go-duration';
import { memoryText, parseMemory } from './memory-size';
import { patchSpec } from './patch-spec';
import { specOf } from './spec-of';

const create = createServiceSchema(20);

test('the tutorial’s service becomes the spec that docker posts', () => {
  const form = create.parse({
    name: 'goweb',
    image: 'carmeloc/goweb:1.0',
    replicas: 3,
    ports: [{ target: 8080, published: 8888 }],
  });
  expect(specOf(form)).toMatchObject({
    Name: 'goweb',
    Mode: { Replicated: { Replicas: 3 } },
    EndpointSpec: {
      Ports: [{ Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' }],
    },
  });
  expect(formOf(specOf(form))).toMatchObject(form);
});

test('a patch leaves everything else of the spec as it is', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  const patch = patchServiceSchema(20).parse({ replicas: 4, env: { A: 'b' } });
  fc.assert(
    fc.property(json, json, json, (spec, task, container) => {
      const before = {
        ...spec,
        Mode: { Replicated: { Replicas: 1, extra: spec } },
        TaskTemplate: { ...task, ContainerSpec: { ...container, Env: ['A=a', 'C=d'] } },
      };
      const frozen = structuredClone(before);
      expect(patchSpec(before, patch)).toEqual({
        ...frozen,
        Mode: { Replicated: { Replicas: 4, extra: frozen.Mode.Replicated.extra } },
        TaskTemplate: {
          ...frozen.TaskTemplate,
          ContainerSpec: { ...frozen.TaskTemplate.ContainerSpec, Env: ['A=b', 'C=d'] },
        },
      });
      expect(before).toEqual(frozen);
    }),
  );
});

test('durations and sizes are read back as they were written', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
      expect(parseMemory(memoryText(value))).toBe(value);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -1e15, max: 1e15 }), (value) => {
      expect(parseDuration(goDuration(value))).toBe(value);
    }),
  );
});

test('a decimal duration has as many nanoseconds as it says', () => {
  const unit = fc.constantFrom<[string, number]>(
    ['s', 1e6],
    ['ms', 1e3],
    ['m', 60e6],
    ['h', 3600e6],
  );
  fc.assert(
    fc.property(fc.nat({ max: 1e6 }), unit, (thousandths, [name, factor]) => {
      expect(parseDuration(`${(thousandths / 1000).toFixed(3)}${name}`)).toBe(thousandths * factor);
    }),
  );
});

test('any spec has a form', () => {
  const json = fc.jsonValue();
  const part = fc.oneof(
    json,
    fc.constantFrom<unknown>(
      [{}],
      [null],
      [{ TargetPort: 80, Protocol: 'x' }],
      { Spread: 7 },
      -1,
      1.5,
    ),
  );
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('Name', 'Labels', 'Mode', 'UpdateConfig', 'RollbackConfig', 'EndpointSpec'),
        part,
      ),
      fc.dictionary(fc.constantFrom('Resources', 'RestartPolicy', 'Placement'), part),
      fc.dictionary(fc.constantFrom('Image', 'Env', 'Args', 'Hostname', 'StopGracePeriod'), part),
      part,
      (spec, task, ContainerSpec, Ports) => {
        const form = formOf({
          EndpointSpec: { Ports },
          ...spec,
          TaskTemplate: {
            Placement: { Preferences: Ports, Constraints: Ports },
            ...task,
            ContainerSpec,
          },
        });
        expect(Object.values(form).every((value) => value !== null)).toBe(true);
      },
    ),
  );
});

test.each([
  ['1h2m3.5s', 3_723_500_000_000],
  ['-1.5h', -5_400_000_000_000],
  ['+.5s', 500_000_000],
  ['0', 0],
  ['1us', 1000],
  ['1.µs', 1000],
  ['0.009h', 32_400_000_000],
  ['0.071m0.071m', 8_520_000_000],
  ['1.9999999999s', 1_999_999_999],
  ['.s', null],
  ['.', null],
  ['', null],
  ['s', null],
  ['1', null],
  ['1 s', null],
  ['1d', null],
])('the duration %s has %s ns', (text, ns) => expect(parseDuration(text)).toBe(ns));

test.each([
  ['64M', 64 * 2 ** 20],
  ['64 MiB', 64 * 2 ** 20],
  ['1.5k', 1536],
  ['7', 7],
  ['7b', 7],
  ['.5g', 2 ** 29],
  ['1.', 1],
  ['1Gi', null],
  ['1ib', null],
  ['1 ', 1],
  ['', null],
  ['M', null],
  ['-1M', null],
])('the size %s has %s bytes', (text, bytes) => expect(parseMemory(text)).toBe(bytes));
