/** The parts of the validators that the tests use. */

declare module '@seriousme/openapi-schema-validator' {
  export class Validator {
    validate(document: object): Promise<{ valid: boolean; errors?: unknown }>;
  }
}

declare module 'ajv/dist/2020.js' {
  export interface Validate {
    (value: unknown): boolean;
    errors?: unknown;
  }
  export class Ajv2020 {
    constructor(options: { strict: boolean; allErrors?: boolean });
    addSchema(schema: object, id: string): this;
    compile(schema: object): Validate;
  }
}
