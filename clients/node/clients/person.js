import { z } from 'zod';

/** What structured output is asked for. */
export const person = z.object({ name: z.string(), age: z.number().int(), tags: z.array(z.string()) });
