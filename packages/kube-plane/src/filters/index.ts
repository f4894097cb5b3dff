// The way of every request, in order. Read this first: the first filter that answers ends it.
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { dispatch } from './dispatch.ts';
import type { Filter } from './filter.ts';
import { impersonate } from './impersonate.ts';
import { preflight } from './preflight.ts';

export const filters: readonly Filter[] = [preflight, authenticate, impersonate, authorize, dispatch];
