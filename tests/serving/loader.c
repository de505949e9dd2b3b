/* Answers requests to a SavedModel through the loader that TensorFlow Serving is built on.
 *
 *     loader MODEL CONFIG [LIBRARY ...]
 *
 * MODEL is a directory, CONFIG a file of a serialized ConfigProto, each LIBRARY one of operations
 * that the model needs beside TensorFlow's own. Messages, in the byte order of the machine, are
 * read from standard input and answered on standard output; `loader.py` is the other end. The first
 * answer tells how loading went, then the program answers until its input ends.
 *
 *     string   int64 length, bytes
 *     tensor   int64 type, int64 rank, int64 dimensions ..., its elements (strings, or raw bytes)
 *     request  int64 inputs, each string operation, int64 index, tensor;
 *              int64 outputs, each string operation, int64 index
 *     message  int64 threads, int64 count, int64 requests, each as a string
 *     answer   int64 TF_Code, string error, then what was asked for
 *
 * Without threads the message is one request, and its answer ends with int64 outputs and tensors.
 * With them, `count` runs of the requests in turn are shared out to so many threads, and the answer
 * ends with int64 nanoseconds of all together and of each, and, at ten points of the way, the int64
 * bytes that the process holds in memory.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/tf_tstring.h"

enum { MOST_TENSORS = 16, MOST_DIMENSIONS = 8, SAMPLES = 10 };

typedef struct {
  TF_Graph *graph;
  TF_Session *session;
} Model;

typedef struct {
  const Model *model;
  char **requests;
  int64_t request_count, count, *nanoseconds, memory[SAMPLES];
  atomic_llong next;
  pthread_mutex_t lock;
  TF_Status *first_error;
} Load;

static void fail(const char *what) {
  fprintf(stderr, "loader: %s\n", what);
  exit(2);
}

static void *allocated(size_t size) {
  void *memory = calloc(1, size ? size : 1);
  if (!memory) fail("out of memory");
  return memory;
}

static char *file_content(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) fail(path);
  *size = ftell(file);
  rewind(file);
  char *content = allocated(*size);
  if (fread(content, 1, *size, file) != *size) fail(path);
  fclose(file);
  return content;
}

/* Reading a request: `at` moves on. */

static int64_t next_int(const char **at) {
  int64_t value;
  memcpy(&value, *at, sizeof value);
  *at += sizeof value;
  return value;
}

static const char *next_bytes(const char **at, int64_t size) {
  const char *bytes = *at;
  *at += size;
  return bytes;
}

static TF_Output next_output(const char **at, TF_Graph *graph) {
  int64_t size = next_int(at);
  char *name = strndup(next_bytes(at, size), size);
  TF_Output output = {TF_GraphOperationByName(graph, name), 0};
  if (!output.oper) fail(name);
  free(name);
  output.index = (int)next_int(at);
  return output;
}

static TF_Tensor *next_tensor(const char **at) {
  TF_DataType type = (TF_DataType)next_int(at);
  int64_t rank = next_int(at), dimensions[MOST_DIMENSIONS], elements = 1;
  if (rank > MOST_DIMENSIONS) fail("too many dimensions");
  for (int64_t i = 0; i < rank; i++) elements *= dimensions[i] = next_int(at);
  size_t size = elements * TF_DataTypeSize(type);
  if (type == TF_STRING) size = elements * sizeof(TF_TString);
  TF_Tensor *tensor = TF_AllocateTensor(type, dimensions, (int)rank, size);
  if (type != TF_STRING) {
    if (size) memcpy(TF_TensorData(tensor), next_bytes(at, size), size);
    return tensor;
  }
  TF_TString *strings = TF_TensorData(tensor);
  for (int64_t i = 0; i < elements; i++) {
    int64_t length = next_int(at);
    TF_StringInit(&strings[i]);
    TF_StringCopy(&strings[i], next_bytes(at, length), length);
  }
  return tensor;
}

static void delete_input(TF_Tensor *tensor) {
  if (TF_TensorType(tensor) == TF_STRING) {
    TF_TString *strings = TF_TensorData(tensor);
    for (int64_t i = 0; i < TF_TensorElementCount(tensor); i++) TF_StringDealloc(&strings[i]);
  }
  TF_DeleteTensor(tensor);
}

/* Writing an answer. */

static void put(const void *bytes, size_t size) {
  if (fwrite(bytes, 1, size, stdout) != size) fail("nobody reads the answer");
}

static void put_int(int64_t value) { put(&value, sizeof value); }

static void put_string(const char *bytes, size_t size) {
  put_int(size);
  put(bytes, size);
}

static void put_status(const TF_Status *status) {
  put_int(TF_GetCode(status));
  put_string(TF_Message(status), strlen(TF_Message(status)));
}

static void put_tensor(const TF_Tensor *tensor) {
  put_int(TF_TensorType(tensor));
  put_int(TF_NumDims(tensor));
  for (int i = 0; i < TF_NumDims(tensor); i++) put_int(TF_Dim(tensor, i));
  if (TF_TensorType(tensor) != TF_STRING) {
    put(TF_TensorData(tensor), TF_TensorByteSize(tensor));
    return;
  }
  const TF_TString *strings = TF_TensorData(tensor);
  for (int64_t i = 0; i < TF_TensorElementCount(tensor); i++)
    put_string(TF_StringGetDataPointer(&strings[i]), TF_StringGetSize(&strings[i]));
}

/* Runs a request; answers it where `answered`. */
static void run(const Model *model, const char *request, int answered, TF_Status *status) {
  TF_Output inputs[MOST_TENSORS], outputs[MOST_TENSORS];
  TF_Tensor *given[MOST_TENSORS], *results[MOST_TENSORS] = {NULL};
  int64_t input_count = next_int(&request);
  if (input_count > MOST_TENSORS) fail("too many inputs");
  for (int64_t i = 0; i < input_count; i++) {
    inputs[i] = next_output(&request, model->graph);
    given[i] = next_tensor(&request);
  }
  int64_t output_count = next_int(&request);
  if (output_count > MOST_TENSORS) fail("too many outputs");
  for (int64_t i = 0; i < output_count; i++) outputs[i] = next_output(&request, model->graph);

  TF_SessionRun(model->session, NULL, inputs, given, (int)input_count, outputs, results,
                (int)output_count, NULL, 0, NULL, status);
  if (answered) {
    put_status(status);
    if (TF_GetCode(status) == TF_OK) {
      put_int(output_count);
      for (int64_t i = 0; i < output_count; i++) put_tensor(results[i]);
    }
  }
  for (int64_t i = 0; i < output_count; i++)
    if (results[i]) TF_DeleteTensor(results[i]);
  for (int64_t i = 0; i < input_count; i++) delete_input(given[i]);
}

/* Many requests at once. */

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t resident_bytes(void) {
  long long total, resident;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%lld %lld", &total, &resident) != 2) fail("/proc/self/statm");
  fclose(file);
  return resident * sysconf(_SC_PAGESIZE);
}

static void *worker(void *argument) {
  Load *load = argument;
  TF_Status *status = TF_NewStatus();
  for (int64_t i; (i = atomic_fetch_add(&load->next, 1)) < load->count;) {
    int64_t start = now();
    run(load->model, load->requests[i % load->request_count], 0, status);
    load->nanoseconds[i] = now() - start;
    if ((i + 1) * SAMPLES / load->count > i * SAMPLES / load->count)
      load->memory[i * SAMPLES / load->count] = resident_bytes();
    if (TF_GetCode(status) != TF_OK) {
      pthread_mutex_lock(&load->lock);
      if (TF_GetCode(load->first_error) == TF_OK)
        TF_SetStatus(load->first_error, TF_GetCode(status), TF_Message(status));
      pthread_mutex_unlock(&load->lock);
    }
  }
  TF_DeleteStatus(status);
  return NULL;
}

static void run_load(Load *load, int64_t thread_count) {
  pthread_t *threads = allocated(thread_count * sizeof *threads);
  load->nanoseconds = allocated(load->count * sizeof *load->nanoseconds);
  load->first_error = TF_NewStatus();
  pthread_mutex_init(&load->lock, NULL);
  int64_t start = now();
  for (int64_t i = 0; i < thread_count; i++)
    if (pthread_create(&threads[i], NULL, worker, load)) fail("no more threads");
  for (int64_t i = 0; i < thread_count; i++) pthread_join(threads[i], NULL);
  int64_t elapsed = now() - start;
  put_status(load->first_error);
  if (TF_GetCode(load->first_error) == TF_OK) {
    put_int(elapsed);
    put(load->nanoseconds, load->count * sizeof *load->nanoseconds);
    put(load->memory, sizeof load->memory);
  }
  TF_DeleteStatus(load->first_error);
  free(load->nanoseconds);
  free(threads);
}

static int64_t read_int(void) {
  int64_t value;
  if (fread(&value, sizeof value, 1, stdin) != 1) fail("a message ends early");
  return value;
}

static void answer_messages(const Model *model) {
  int64_t thread_count;
  while (fread(&thread_count, sizeof thread_count, 1, stdin) == 1) {
    Load load = {.model = model, .count = read_int()};
    load.request_count = read_int();
    load.requests = allocated(load.request_count * sizeof *load.requests);
    for (int64_t i = 0; i < load.request_count; i++) {
      int64_t size = read_int();
      load.requests[i] = allocated(size);
      if (fread(load.requests[i], 1, size, stdin) != (size_t)size) fail("a request ends early");
    }
    if (thread_count) {
      run_load(&load, thread_count);
    } else {
      TF_Status *status = TF_NewStatus();
      run(model, load.requests[0], 1, status);
      TF_DeleteStatus(status);
    }
    fflush(stdout);
    for (int64_t i = 0; i < load.request_count; i++) free(load.requests[i]);
    free(load.requests);
  }
}

int main(int argument_count, char **arguments) {
  if (argument_count < 3) fail("MODEL and CONFIG are needed");
  TF_Status *status = TF_NewStatus();
  for (int i = 3; i < argument_count && TF_GetCode(status) == TF_OK; i++)
    TF_LoadLibrary(arguments[i], status);

  Model model = {TF_NewGraph(), NULL};
  TF_Buffer *meta_graph = TF_NewBuffer();
  if (TF_GetCode(status) == TF_OK) {
    size_t size;
    char *config = file_content(arguments[2], &size);
    TF_SessionOptions *options = TF_NewSessionOptions();
    TF_SetConfig(options, config, size, status);
    if (TF_GetCode(status) == TF_OK)
      model.session =
          TF_LoadSessionFromSavedModel(options, NULL, arguments[1], (const char *[]){"serve"}, 1,
                                       model.graph, meta_graph, status);
    TF_DeleteSessionOptions(options);
    free(config);
  }
  put_status(status);
  if (TF_GetCode(status) == TF_OK) put_string(meta_graph->data, meta_graph->length);
  fflush(stdout);
  if (model.session) {
    answer_messages(&model);
    TF_CloseSession(model.session, status);
    TF_DeleteSession(model.session, status);
  }
  TF_DeleteBuffer(meta_graph);
  TF_DeleteGraph(model.graph);
  TF_DeleteStatus(status);
  return 0;
}
