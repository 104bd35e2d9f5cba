import type { Format } from '../shape.ts'

/**
 * Providers of models and of what is built around them.
 *
 * @see https://platform.openai.com/docs/api-reference/authentication
 * @see https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key
 * @see https://huggingface.co/docs/hub/security-tokens
 */
export const MODEL_PROVIDER_FORMATS: readonly Format[] = [
  [
    'openai_api_key',
    [
      'sk-{alnum:20}T3BlbkFJ{alnum:20}',
      'sk-proj-{base64url:58}T3BlbkFJ{base64url:58}',
      'sk-proj-{base64url:74}T3BlbkFJ{base64url:74}',
      'sk-proj-{base64url:20}T3BlbkFJ{base64url:20}',
      'sk-proj-{base64url:100-200}',
      'sk-svcacct-{base64url:20}T3BlbkFJ{base64url:20}',
      'sk-svcacct-{base64url:100-200}',
      'sk-admin-{base64url:100-200}',
      'sk-None-{base64url:100-200}',
    ],
  ],
  ['openai_style_key', ['sk-{alnum:48}', 'sk-{hex:32}'], { confidence: 0.9 }],
  [
    'anthropic_api_key',
    [
      'sk-ant-api03-{base64url:93}AA',
      'sk-ant-admin01-{base64url:93}AA',
      'sk-ant-oat01-{base64url:93}AA',
      'sk-ant-ort01-{base64url:93}AA',
      'sk-ant-sid01-{base64url:80-140}',
    ],
  ],
  ['openrouter_key', ['sk-or-v1-{hex:64}']],
  ['langfuse_secret_key', ['sk-lf-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}']],
  ['huggingface_token', ['hf_{letters:34}', 'hf_{alnum:34}', 'api_org_{letters:34}']],
  ['groq_key', ['gsk_{alnum:52}']],
  ['xai_key', ['xai-{alnum:80}']],
  ['replicate_token', ['r8_{alnum:37}', 'r8_{alnum:40}']],
  ['perplexity_key', ['pplx-{alnum:48}', 'pplx-{alnum:56}']],
  ['fireworks_key', ['fw_{alnum:22-24}'], { confidence: 0.85 }],
  ['nvidia_key', ['nvapi-{base64url:60-70}']],
  ['together_key', ['tgp_v1_{base64url:43}']],
  ['cerebras_key', ['csk-{lower:48}']],
  ['voyage_key', ['pa-{base64url:43}'], { confidence: 0.8 }],
  ['jina_key', ['jina_{alnum:60}', 'jina_{base64url:60}']],
  ['pinecone_key', ['pcsk_{word:60-75}']],
  ['langsmith_key', ['lsv2_pt_{hex:32}_{hex:10}', 'lsv2_sk_{hex:32}_{hex:10}', 'ls__{hex:32}']],
  ['weights_and_biases_key', ['wandb_v1_{base64url:40+}']],
  ['tavily_key', ['tvly-{base64url:32}', 'tvly-dev-{base64url:32}', 'tvly-prod-{base64url:32}']],
  ['firecrawl_key', ['fc-{hex:32}']],
  ['llamacloud_key', ['llx-{base64url:48}']],
  ['elevenlabs_key', ['sk_{hex:48}']],
  ['e2b_key', ['e2b_{hex:40}']],
  ['apify_token', ['apify_api_{alnum:36}']],
  ['modal_token', ['as-{alnum:22}', 'ak-{alnum:22}'], { confidence: 0.75 }],
]
