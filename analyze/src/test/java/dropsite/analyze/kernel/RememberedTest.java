package dropsite.analyze.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RememberedTest {

  @Test
  void anEqualQuestionGetsTheSameAnswer() {
    Remembered<Question, String> answers = new Remembered<>();
    assertThat(answers.get(new Question(1, 1))).isNull();
    assertThat(answers.put(new Question(1, 1), "one")).isEqualTo("one");
    assertThat(answers.get(new Question(1, 1))).isEqualTo("one");
    assertThat(answers.get(new Question(2, 1))).isNull();
  }

  @Test
  void questionsOfOneHashPushTheOldestOut() {
    Remembered<Question, String> answers = new Remembered<>();
    for (int i = 0; i < 5; i++) {
      answers.put(new Question(i, 7), "answer " + i);
    }
    assertThat(answers.get(new Question(0, 7))).isNull();
    for (int i = 1; i < 5; i++) {
      assertThat(answers.get(new Question(i, 7))).isEqualTo("answer " + i);
    }
  }

  @Test
  void onlySoManyAreKept() {
    Remembered<Integer, Integer> answers = new Remembered<>();
    int asked = 1 << 18;
    IntStream.range(0, asked).forEach(i -> answers.put(i, i));
    long kept = IntStream.range(0, asked).filter(i -> answers.get(i) != null).count();
    assertThat(kept).isLessThanOrEqualTo(1 << 14);
    assertThat(answers.get(asked - 1)).isEqualTo(asked - 1);
  }

  private record Question(int number, int hash) {
    @Override
    public int hashCode() {
      return hash;
    }
  }
}
