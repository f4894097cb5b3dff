// explain: from evidence to one chain of Steps.
export {
  type Explanation,
  explainCall,
  type Paint,
  type RecordedCall,
  renderExplanation,
} from './explanation.ts';
