// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the kernel print stacks on request: each word written to /proc/trouble is one kind of
 * trouble. Nothing here is of use but for its stacks: functions are kept apart or inlined so that
 * there are frames of both kinds, tail calls, and one function that is only in the init section.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/wait.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define timer_delete_sync del_timer_sync
#endif

static struct task_struct *sleeper;
static struct task_struct *spinner;
static struct timer_list soft_timer;
static struct hrtimer hard_timer;
static DECLARE_WAIT_QUEUE_HEAD(never);
static int released;
/* Read by code that the compiler must not see through. */
static int *nowhere;
static void (*no_function)(void);
static volatile unsigned long turns;

static __always_inline int read_cell(const int *cell)
{
	return READ_ONCE(*cell) + 1;
}

static __always_inline int read_twice(const int *cell)
{
	return read_cell(cell) * read_cell(cell + 1);
}

static noinline int trouble_oops(int depth)
{
	if (depth)
		return trouble_oops(depth - 1) + 1;
	return read_twice(READ_ONCE(nowhere));
}

static noinline int trouble_jump(void)
{
	void (*f)(void) = READ_ONCE(no_function);

	f();
	return 1;
}

static noinline int trouble_bug(int depth)
{
	BUG_ON(depth > 2);
	return depth;
}

static noinline int trouble_warn(int depth)
{
	WARN(depth > 2, "trouble of depth %d\n", depth);
	return depth;
}

static noinline int trouble_dump(void)
{
	dump_stack();
	return 1;
}

/* A call in last place: the compiler makes it a jump, so that no stack shows this function. */
static noinline int trouble_dump_tail(int depth)
{
	turns += depth;
	return trouble_dump();
}

static __always_inline void spin_for(unsigned long milliseconds)
{
	u64 until = ktime_get_ns() + milliseconds * NSEC_PER_MSEC;

	while (ktime_get_ns() < until)
		turns++;
}

static noinline int trouble_spin(unsigned long milliseconds)
{
	preempt_disable();
	spin_for(milliseconds);
	preempt_enable();
	return 1;
}

static noinline int trouble_hang(void)
{
	wait_event(never, READ_ONCE(released));
	return 1;
}

static void soft_trouble(struct timer_list *timer)
{
	dump_stack();
}

static enum hrtimer_restart hard_trouble(struct hrtimer *timer)
{
	WARN_ON(timer != NULL);
	return HRTIMER_NORESTART;
}

/* Both timers interrupt a task that spins here. */
static noinline int trouble_soft(void)
{
	mod_timer(&soft_timer, jiffies + 2);
	spin_for(60);
	return 1;
}

static noinline int trouble_hard(void)
{
	hrtimer_start(&hard_timer, ms_to_ktime(5), HRTIMER_MODE_REL_HARD);
	spin_for(60);
	return 1;
}

static __always_inline void drop(struct sk_buff *skb)
{
	if (skb)
		kfree_skb(skb);
}

static noinline void trouble_free_one(unsigned int size)
{
	struct sk_buff *skb = alloc_skb(size, GFP_KERNEL);

	drop(skb);
	turns++;
}

static noinline int trouble_free(int count)
{
	int i;

	for (i = 0; i < count; i++)
		trouble_free_one(64 + i);
	return count;
}

static noinline u8 *trouble_make(void)
{
	u8 *made = kmalloc(96, GFP_KERNEL);

	if (made)
		WRITE_ONCE(made[0], 1);
	return made;
}

static noinline void trouble_unmake(u8 *made)
{
	kfree(made);
	turns++;
}

/* One of these is guarded by KFENCE where it is on. */
static noinline int trouble_use_after_free(void)
{
	int i, sum = 0;

	for (i = 0; i < 200; i++) {
		u8 *made = trouble_make();

		trouble_unmake(made);
		sum += READ_ONCE(made[3]);
		usleep_range(2000, 3000);
	}
	return sum;
}

static int sleep_in_thread(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int spin_in_thread(void *milliseconds)
{
	return trouble_spin((unsigned long)milliseconds);
}

static noinline int trouble_spin_aside(unsigned int cpu)
{
	spinner = kthread_create(spin_in_thread, (void *)8000UL, "trouble/spin");
	if (IS_ERR(spinner))
		return 1;
	kthread_bind(spinner, cpu);
	wake_up_process(spinner);
	return 1;
}

static noinline int trouble_of(const char *word)
{
	if (!strcmp(word, "oops"))
		return trouble_oops(2);
	if (!strcmp(word, "jump"))
		return trouble_jump();
	if (!strcmp(word, "bug"))
		return trouble_bug(3);
	if (!strcmp(word, "warn"))
		return trouble_warn(3);
	if (!strcmp(word, "dump"))
		return trouble_dump() + 1;
	if (!strcmp(word, "tail"))
		return trouble_dump_tail(2) + 1;
	if (!strcmp(word, "soft"))
		return trouble_soft();
	if (!strcmp(word, "hard"))
		return trouble_hard();
	if (!strcmp(word, "hang"))
		return trouble_hang();
	if (!strcmp(word, "spin"))
		return trouble_spin(8000);
	if (!strcmp(word, "aside"))
		return trouble_spin_aside(1);
	if (!strcmp(word, "free"))
		return trouble_free(2);
	if (!strcmp(word, "uaf"))
		return trouble_use_after_free();
	return 0;
}

static ssize_t trouble_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	char word[16] = "";

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, from, size))
		return -EFAULT;
	if (!trouble_of(strim(word)))
		return -EINVAL;
	return size;
}

static const struct proc_ops trouble_ops = {
	.proc_write = trouble_write,
};

static noinline __init void warn_in_init(void)
{
	WARN_ON(!proc_create("trouble", 0200, NULL, &trouble_ops) || !released);
}

static int __init trouble_init(void)
{
	timer_setup(&soft_timer, soft_trouble, 0);
	hrtimer_init(&hard_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hard_timer.function = hard_trouble;
	sleeper = kthread_run(sleep_in_thread, NULL, "trouble/sleep");
	warn_in_init();
	return PTR_ERR_OR_ZERO(sleeper);
}

static void __exit trouble_exit(void)
{
	remove_proc_entry("trouble", NULL);
	WRITE_ONCE(released, 1);
	wake_up(&never);
	kthread_stop(sleeper);
	hrtimer_cancel(&hard_timer);
	timer_delete_sync(&soft_timer);
}

module_init(trouble_init);
module_exit(trouble_exit);
MODULE_DESCRIPTION("Makes the kernel print stacks on request");
MODULE_LICENSE("GPL");
